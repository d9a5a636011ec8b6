package import Imaging
package import Latents

/// Reading photos and preparing to find them in a model's latent space: what knows of face finders
/// and encoders is given to the editor by the program. The closures are called on a thread of
/// their own; errors are shown by their description.
package struct PhotoService: Sendable {
  package var open: @Sendable (_ path: String) throws -> OpenedPhoto
  /// How long a step takes on this machine, measured without a photo.
  /// - Throws: where there is no such distance, saying how to come by it
  package var measure: @Sendable (PhotoDistance) throws -> ProjectionPace

  package init(
    open: @escaping @Sendable (_ path: String) throws -> OpenedPhoto,
    measure: @escaping @Sendable (PhotoDistance) throws -> ProjectionPace
  ) {
    self.open = open
    self.measure = measure
  }
}

/// What pictures are compared by.
package enum PhotoDistance: String, Hashable, Sendable, CaseIterable {
  case builtin
  /// Of VGG16, once the user has imported its weights.
  case lpips
}

/// A photo that was read, and what can be done with it.
package struct OpenedPhoto: Sendable {
  /// Of the file.
  package var sha256: String
  package var file: PhotoFile
  package var findFaces: @Sendable () throws -> FaceSearch
  /// Ends early, by whatever error, once `isCancelled` says so.
  package var prepare:
    @Sendable (ProjectionOrder, _ isCancelled: @Sendable () -> Bool) throws -> PreparedProjection

  package init(
    sha256: String, file: PhotoFile, findFaces: @escaping @Sendable () throws -> FaceSearch,
    prepare:
      @escaping @Sendable (ProjectionOrder, @Sendable () -> Bool) throws ->
      PreparedProjection
  ) {
    self.sha256 = sha256
    self.file = file
    self.findFaces = findFaces
    self.prepare = prepare
  }
}

/// Where the faces of a photo are.
package struct FaceSearch: Hashable, Sendable {
  package enum Outcome: Hashable, Sendable {
    /// Their crops in pixels of the file, the largest first.
    case faces([PhotoCrop])
    /// The picture has the model's size and is taken whole.
    case whole
    /// The model shows no faces, so none were looked for.
    case notFaces
    case none
  }
  package var outcome: Outcome
  /// Where the model's mean face has its eyes and mouth, in pixels of the model's picture.
  package var modelFace: FaceMarks?

  package init(_ outcome: Outcome, modelFace: FaceMarks? = nil) {
    self.outcome = outcome
    self.modelFace = modelFace
  }
}

/// What is to be found of a photo, and how.
package struct ProjectionOrder: Hashable, Sendable {
  /// In pixels of the file.
  package var crop: PhotoCrop
  package var settings: ProjectionSettings
  package var distance: PhotoDistance
  /// The face to begin at; a start is looked for where there is none.
  package var initial: LatentSource?

  package init(
    crop: PhotoCrop, settings: ProjectionSettings, distance: PhotoDistance = .builtin,
    initial: LatentSource? = nil
  ) {
    self.crop = crop
    self.settings = settings
    self.distance = distance
    self.initial = initial
  }
}

/// Everything before the first step.
package struct PreparedProjection: Sendable {
  package var projector: Projector
  /// Where an encoder moved it, else as it was ordered.
  package var crop: PhotoCrop
  /// Where it begins, a few words: `what the encoder saw`.
  package var start: String
  package var record: KeptProjection?

  package init(
    projector: Projector, crop: PhotoCrop, start: String, record: KeptProjection? = nil
  ) {
    self.projector = projector
    self.crop = crop
    self.start = start
    self.record = record
  }
}

/// A projection under way as it is kept on disk: begun once more, it goes on from there. What cannot
/// be written is no reason to stop.
package struct KeptProjection: Sendable {
  package var save: @Sendable (Projector) -> Void
  /// It is finished.
  package var discard: @Sendable () -> Void
  /// The nearest face so far, where it goes on.
  package var picture: PixelImage?

  package init(
    save: @escaping @Sendable (Projector) -> Void, discard: @escaping @Sendable () -> Void,
    picture: PixelImage? = nil
  ) {
    self.save = save
    self.discard = discard
    self.picture = picture
  }
}

/// How fast projections are.
package struct ProjectionPace: Hashable, Sendable {
  package var secondsPerStep: Double
  /// What pictures are compared by.
  package var features: String

  package init(secondsPerStep: Double, features: String) {
    self.secondsPerStep = secondsPerStep
    self.features = features
  }
}
