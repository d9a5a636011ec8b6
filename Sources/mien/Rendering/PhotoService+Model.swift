import Editor
import Files
import Glibc
import Imaging
import Latents
import NN
import Portrait
import StyleGAN
import Tensors

extension PhotoService {
  /// Finds photos in a model as `mien project` does.
  init(for loaded: LoadedModel) {
    self.init(
      open: { path in
        let photo = try Photo(path: path)
        return OpenedPhoto(
          sha256: photo.sha256, file: photo.file,
          findFaces: { try photo.faces(for: loaded.generator) },
          prepare: { try loaded.prepare($0, photo, isCancelled: $1) })
      },
      measure: { distance in
        // The mean's own picture: how far off a target is does not change a step's time.
        let target = Tensor(
          picture: PixelImage(networkOutput: loaded.generator.meanPicture),
          channels: loaded.configuration.imageChannels)
        let projector = loaded.projector(
          target, settings: .fast(steps: 100), initial: nil, features: try distance.features())
        return ProjectionPace(
          secondsPerStep: ProjectionEstimate(of: projector).secondsPerStep,
          features: projector.featureName)
      })
  }
}

extension Photo {
  /// All faces that a model could take, and where it has its own.
  fileprivate func faces(for generator: Generator) throws -> FaceSearch {
    let alignment = FaceAlignment(
      finder: FaceFinder(),
      meanPicture: PixelImage(networkOutput: generator.meanPicture))
    guard let modelFace = alignment.modelFace else { return FaceSearch(.notFaces) }
    do throws(AlignmentError) {
      let crop = try alignment.crop(of: file)
      let side = generator.configuration.resolution
      let isWhole = file.reduction == 1 && file.fullWidth == side && file.fullHeight == side
      return FaceSearch(isWhole ? .whole : .faces([crop]), modelFace: modelFace)
    } catch {
      switch error {
      case .several(let crops): return FaceSearch(.faces(crops), modelFace: modelFace)
      case .noFace, .noSuchFace: return FaceSearch(.none, modelFace: modelFace)
      }
    }
  }
}

extension PhotoDistance {
  fileprivate func features() throws -> any PerceptualFeatures {
    switch self {
    case .builtin: PyramidFeatures()
    case .lpips: try FeatureNetworkFile.ofUser()
    }
  }
}

extension LoadedModel {
  fileprivate func prepare(
    _ order: ProjectionOrder, _ photo: Photo, isCancelled: () -> Bool
  ) throws -> PreparedProjection {
    let features = try order.distance.features()
    if let initial = order.initial {
      let (side, channels) = (configuration.resolution, configuration.imageChannels)
      let target = Tensor(picture: photo.target(order.crop, side: side), channels: channels)
      let visible = photo.visible(order.crop, side: side).map { pixels in
        Tensor(
          Array(repeatElement(pixels, count: channels).joined()), shape: target.shape)
      }
      let rows = rows(of: initial)
      var projector = projector(
        target, visible: visible, settings: order.settings, initial: rows, features: features)
      let record = kept(&projector, target: target.values + (rows?.values ?? []))
      return PreparedProjection(
        projector: projector, crop: order.crop, start: "the face in W", record: record)
    }
    let prepared = try ProjectionPreparation(
      self, photo: photo, crop: order.crop, features: features, settings: order.settings,
      usesMean: false, isCancelled: isCancelled)
    let start =
      switch prepared.start {
      case .encoder: "the encoder"
      case .nearest: "the nearest of sampled faces"
      case .mean: "the mean face"
      }
    var projector = prepared.projector
    let record = kept(&projector, target: prepared.target.bytes.map { Float($0) })
    return PreparedProjection(
      projector: projector, crop: prepared.crop, start: start, record: record)
  }

  /// One search of a model is kept, the last: closed and begun once more, it goes on.
  private func kept(_ projector: inout Projector, target: [Float]) -> KeptProjection {
    let folder = StandardFolders.ofUser.stateHome + "/projections"
    let model = reference.sha256 ?? SHA256.hex(of: Array(reference.name.utf8))
    let bytes = target.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
    let file = ProjectionFile(
      path: "\(folder)/\(model.prefix(16)).state",
      identity: .init(model: model, target: SHA256.hex(of: bytes)))
    // One of another photo, or none, is no reason not to begin.
    try? file.restore(&projector)
    let generator = generator
    return KeptProjection(
      save: { projector in
        guard (try? StandardFolders.make(folder)) != nil else { return }
        try? file.save(projector)
      },
      discard: { unsafe unlink(file.path) },
      picture: projector.best.map { best in
        PixelImage(
          networkOutput: generator.picture(
            ws: best.ws.reshaped([1, best.ws.shape[0], best.ws.shape[1]]),
            noise: NoiseInputs(maps: best.noise)))
      })
  }

  /// From a face that is known, or from the mean.
  fileprivate func projector(
    _ target: Tensor, visible: Tensor? = nil, settings: ProjectionSettings, initial: Tensor?,
    features: any PerceptualFeatures
  ) -> Projector {
    let objective: any ProjectionObjective =
      FusedObjective(generator, features: features, target: target, visible: visible)
      ?? DefinedObjective(generator, features: features, target: target, visible: visible)
    return Projector(
      objective, rows: configuration.numWs, storedNoise: generator.storedNoise,
      start: ProjectionStart(of: generator), settings: settings, initial: initial)
  }

  /// [num_ws, w_dim]
  private func rows(of latent: LatentSource) -> Tensor? {
    let (rows, width) = (configuration.numWs, configuration.wDim)
    switch latent {
    case .seed: return nil
    case .w(let values):
      return Tensor((0..<rows).flatMap { _ in values }, shape: [rows, width])
    case .ws(let values, let count): return Tensor(values, shape: [count, width])
    }
  }
}
