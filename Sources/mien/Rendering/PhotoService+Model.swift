import Editor
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
      measure: {
        // The mean's own picture: how far off a target is does not change a step's time.
        let target = Tensor(
          picture: PixelImage(networkOutput: loaded.generator.meanPicture),
          channels: loaded.configuration.imageChannels)
        let projector = loaded.projector(
          target, settings: .fast(steps: 100), initial: nil, features: PyramidFeatures())
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
      finder: try FaceFinder(),
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

extension LoadedModel {
  fileprivate func prepare(
    _ order: ProjectionOrder, _ photo: Photo, isCancelled: () -> Bool
  ) throws -> PreparedProjection {
    let features = PyramidFeatures()
    if let initial = order.initial {
      let (side, channels) = (configuration.resolution, configuration.imageChannels)
      let target = Tensor(picture: photo.target(order.crop, side: side), channels: channels)
      let visible = photo.visible(order.crop, side: side).map { pixels in
        Tensor(
          Array(repeatElement(pixels, count: channels).joined()), shape: target.shape)
      }
      return PreparedProjection(
        projector: projector(
          target, visible: visible, settings: order.settings, initial: rows(of: initial),
          features: features),
        crop: order.crop, start: "the face in W")
    }
    let prepared = try ProjectionPreparation(
      self, photo: photo, crop: order.crop, features: features, settings: order.settings,
      usesMean: false, isCancelled: isCancelled)
    let start =
      switch prepared.start {
      case .encoder: "the encoder"
      case .nearest: "the nearest of 64"
      case .mean: "the mean face"
      }
    return PreparedProjection(
      projector: prepared.projector, crop: prepared.crop, start: start)
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
