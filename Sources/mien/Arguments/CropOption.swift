import Imaging

/// `--crop`: the part of a photo that holds the face.
enum CropOption: Hashable, Sendable {
  /// Where the face is found.
  case auto
  case given(PhotoCrop)

  init(parsing text: String) throws(Failure) {
    if text == "auto" {
      self = .auto
      return
    }
    guard let crop = PhotoCrop(parsing: text), crop.size >= 1 else {
      throw .usage(
        "--crop \(text): write auto, or the centre, side and turn of a square, x,y,size,angle, in "
          + "pixels and degrees")
    }
    self = .given(crop)
  }
}
