import BundledModel
import Files
import Imaging
import Latents
import NN
import StyleGAN
import Tensors

/// Everything a projection of a photo needs before its first step.
struct ProjectionPreparation {
  enum Start: Hashable {
    /// The bundled model's encoder looked at the photo.
    case encoder
    /// The nearest of sampled w.
    case nearest
    /// The mean of W, as the reference has it.
    case mean
  }

  /// It was cancelled before everything was there: how far it came.
  struct Cancelled: Error {
    let crop: PhotoCrop
    let target: PixelImage
    /// The nearest so far, [w_dim].
    let w: Tensor
  }

  let start: Start
  /// Where an encoder moved it, else as it was given.
  let crop: PhotoCrop
  let target: PixelImage
  let projector: Projector

  /// - Parameters:
  ///   - usesMean: begins at the mean of W whatever else there is
  ///   - isCancelled: asked between the parts of the work, none of which takes long
  /// - Throws: `Cancelled`
  init(
    _ loaded: LoadedModel, photo: Photo, crop given: PhotoCrop,
    features: any PerceptualFeatures, settings: ProjectionSettings, usesMean: Bool,
    isCancelled: () -> Bool = { false }
  ) throws {
    let generator = loaded.generator
    let configuration = generator.configuration
    let side = configuration.resolution
    var crop = given
    var seen: Tensor?
    if !usesMean, let encoder = try loaded.encoder() {
      let found = encoder.find(
        at: given, movesCrop: settings.crop == .refined
      ) { photo.target($0, side: side) }
      crop = found.crop
      seen = found.w
    }
    let target = photo.target(crop, side: side)
    self.target = target
    self.crop = crop
    let wanted = Tensor(picture: target, channels: configuration.imageChannels)
    var w = usesMean ? nil : seen
    func check() throws {
      if isCancelled() {
        throw Cancelled(crop: crop, target: target, w: w ?? generator.wAverage)
      }
    }
    try check()
    if usesMean {
      start = .mean
    } else {
      // What an encoder says of a photo unlike its faces can lie far out: the way back to the mean is
      // looked at too, and a few samples.
      let nearest = NearestSample(
        of: generator, features: features, target: wanted,
        count: seen == nil ? Self.sampleCount(configuration) : 12,
        candidates: seen.map { Self.towards(generator.wAverage, from: $0) } ?? [],
        seed: settings.seed, isCancelled: isCancelled)
      w = nearest.w
      start = nearest.candidate == nil ? .nearest : .encoder
      try check()
    }
    guard let statistics = ProjectionStart(of: generator, isCancelled: isCancelled) else {
      throw Cancelled(crop: crop, target: target, w: w ?? generator.wAverage)
    }
    let visible = photo.visible(crop, side: side).map { pixels in
      Tensor(
        Array(repeatElement(pixels, count: configuration.imageChannels).joined()),
        shape: wanted.shape)
    }
    let objective: any ProjectionObjective =
      FusedObjective(generator, features: features, target: wanted, visible: visible)
      ?? DefinedObjective(generator, features: features, target: wanted, visible: visible)
    // From afar the first steps look at a quarter of the size, which takes a fraction of the time.
    var settings = settings
    var early: FusedObjective?
    if start == .nearest, side / 4 >= 16 {
      early = FusedObjective(
        generator, features: features, target: wanted, visible: visible, upTo: side / 4)
      if early != nil { settings.earlyShare = 0.3 }
    }
    projector = Projector(
      objective, rows: configuration.numWs, storedNoise: generator.storedNoise,
      start: statistics, settings: settings,
      initial: w.map { Self.repeated($0, rows: configuration.numWs) }, early: early)
  }

  /// How many faces are looked at for a start: fewer where each is a whole picture.
  private static func sampleCount(_ configuration: GeneratorConfiguration) -> Int {
    configuration.previewResolutions.count > 1 || configuration.resolution <= 64 ? 64 : 16
  }

  private static func towards(_ mean: Tensor, from w: Tensor) -> [Tensor] {
    [0, 0.25, 0.5].map { share in w + (mean - w) * share }
  }

  /// [w_dim] as [rows, w_dim]
  static func repeated(_ w: Tensor, rows: Int) -> Tensor {
    Tensor.applying(Broadcast(to: [rows, w.count]), to: w.reshaped([1, w.count]))
  }
}

extension LoadedModel {
  /// The bundled encoder, where this is the generator it was trained for.
  func encoder() throws -> Encoder? {
    guard let sha256 = reference.sha256, configuration.imageChannels == 3 else { return nil }
    do {
      return try EncoderFile.load(
        unsafe Bytes(unsafeStatic: BundledModel.encoderBytes), name: "the bundled encoder",
        generator: sha256, wDim: configuration.wDim)
    } catch .otherGenerator {
      return nil
    }
  }
}
