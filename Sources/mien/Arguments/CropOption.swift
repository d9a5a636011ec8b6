import Imaging

/// `--crop`: the part of a photo that holds the face.
enum CropOption: Hashable, Sendable {
  /// The largest square around the middle.
  case auto
  case given(PhotoCrop)

  init(parsing text: String) throws(Failure) {
    if text == "auto" {
      self = .auto
      return
    }
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard (3...4).contains(numbers.count), let x = numbers[0], let y = numbers[1],
      let size = numbers[2], let angle = numbers.count == 4 ? numbers[3] : 0,
      [x, y, size, angle].allSatisfy(\.isFinite), size >= 1
    else {
      throw .usage(
        "--crop \(text): write auto, or the centre, side and turn of a square, x,y,size,angle, in "
          + "pixels and degrees")
    }
    self = .given(PhotoCrop(x: x, y: y, size: size, angle: angle))
  }

  func crop(of photo: PixelImage) -> PhotoCrop {
    switch self {
    case .auto: PhotoCrop(centreOf: photo)
    case .given(let crop): crop
    }
  }
}
