package import Imaging

/// How photos are cropped for one model: the face of a photo comes to lie where the model's own
/// mean face has its eyes and mouth.
package struct FaceAlignment: Sendable {
  private let finder: FaceFinder
  /// The model's pixels a side.
  private let side: Int
  /// Of the model's mean picture; nil where no face is in it, so that the model is of other things.
  package let modelFace: FaceMarks?

  /// - Parameter meanPicture: the model's picture of its mean w, square
  package init(finder: FaceFinder, meanPicture: PixelImage) {
    self.init(
      finder: finder, side: meanPicture.width,
      modelFace: finder.faces(in: meanPicture, isUpright: true).first?.marks
    )
  }

  init(finder: FaceFinder, side: Int, modelFace: FaceMarks?) {
    self.finder = finder
    self.side = side
    self.modelFace = modelFace
  }

  /// The square of a photo to project, in pixels of its file.
  ///
  /// A picture of the model's own size is taken as it is, as the reference's scripts do, and so is
  /// the middle square where the model has no face.
  /// - Parameter number: which face, the largest being 1; nil for the only one
  package func crop(of photo: PhotoFile, face number: Int? = nil) throws(AlignmentError)
    -> PhotoCrop
  {
    let whole = photo.full(PhotoCrop(centreOf: photo.image))
    guard let modelFace else { return whole }
    if number == nil, photo.reduction == 1, photo.fullWidth == side, photo.fullHeight == side {
      return whole
    }
    let faces = finder.faces(in: photo.image)
    let crops = faces.map { photo.full($0.marks.crop(like: modelFace, side: side) ?? $0.crop) }
    guard let first = crops.first else { throw .noFace }
    if let number {
      guard crops.indices.contains(number - 1) else {
        throw .noSuchFace(number, found: crops.count)
      }
      return crops[number - 1]
    }
    guard crops.count == 1 else { throw .several(crops) }
    return first
  }
}

/// Why a photo has no crop of its own: one line, and what to do.
package enum AlignmentError: Error, Hashable, Sendable, CustomStringConvertible {
  case noFace
  /// The crops of the faces, the largest first.
  case several([PhotoCrop])
  case noSuchFace(Int, found: Int)

  package var description: String {
    switch self {
    case .noFace:
      "no face was found; say where it is with --crop x,y,size,angle"
    case .several(let crops):
      "\(crops.count) faces were found; choose one with --face: "
        + crops.enumerated().map { "\($0 + 1) at \($1)" }.joined(separator: "  ")
    case .noSuchFace(let number, let found):
      "there is no face \(number): \(found == 1 ? "one was" : "\(found) were") found"
    }
  }
}
