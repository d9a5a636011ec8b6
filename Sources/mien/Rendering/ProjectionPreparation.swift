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

  let start: Start
  /// Where an encoder moved it, else as it was given.
  let crop: PhotoCrop
  let target: PixelImage
  let projector: Projector

  /// - Parameter usesMean: begins at the mean of W whatever else there is
  init(
    _ loaded: LoadedModel, photo: Photo, crop given: PhotoCrop,
    features: any PerceptualFeatures, settings: ProjectionSettings, usesMean: Bool
  ) throws {
    let generator = loaded.generator
    let configuration = generator.configuration
    var crop = given
    var w: Tensor?
    if !usesMean, let encoder = try loaded.encoder() {
      let found = encoder.find(
        at: given, movesCrop: settings.crop == .refined
      ) { photo.target($0, side: configuration.resolution) }
      crop = found.crop
      w = found.w
    }
    target = photo.target(crop, side: configuration.resolution)
    self.crop = crop
    let wanted = Tensor(picture: target, channels: configuration.imageChannels)
    start = usesMean ? .mean : w == nil ? .nearest : .encoder
    if start == .nearest {
      w = NearestSample(
        of: generator, features: features, target: wanted, seed: settings.seed
      ).w
    }
    let objective: any ProjectionObjective =
      FusedObjective(generator, features: features, target: wanted)
      ?? DefinedObjective(generator, features: features, target: wanted)
    // From afar the first steps look at a quarter of the size, which takes a fraction of the time.
    var settings = settings
    var early: FusedObjective?
    let side = configuration.resolution / 4
    if start == .nearest, side >= 16 {
      early = FusedObjective(generator, features: features, target: wanted, upTo: side)
      if early != nil { settings.earlyShare = 0.3 }
    }
    let rows = configuration.numWs
    projector = Projector(
      objective, rows: rows, storedNoise: generator.storedNoise,
      start: ProjectionStart(of: generator), settings: settings,
      initial: w.map { w in
        let values = w.values
        return Tensor((0..<rows).flatMap { _ in values }, shape: [rows, values.count])
      }, early: early)
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
