import Glibc

/// The three points of a face that decide how it is cropped, in pixels of the photo.
///
/// Left and right are as seen in the picture.
package struct FaceMarks: Hashable, Sendable {
  package struct Point: Hashable, Sendable {
    package var x: Double
    package var y: Double

    package init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  package var leftEye: Point
  package var rightEye: Point
  /// Half way between its corners.
  package var mouth: Point

  package init(leftEye: Point, rightEye: Point, mouth: Point) {
    self.leftEye = leftEye
    self.rightEye = rightEye
    self.mouth = mouth
  }

  /// The crop of the FFHQ data set (numerics: FFHQ alignment): upright as the eyes and the line to
  /// the mouth are, twice the distance of the eyes or 1.8 times that to the mouth from the middle
  /// to the side. Nil where the marks lie on one spot.
  package var crop: PhotoCrop? {
    let eyes = Point(x: (leftEye.x + rightEye.x) / 2, y: (leftEye.y + rightEye.y) / 2)
    let across = Point(x: rightEye.x - leftEye.x, y: rightEye.y - leftEye.y)
    let down = Point(x: mouth.x - eyes.x, y: mouth.y - eyes.y)
    // The mean of the eyes' direction and of the mouth's turned by a quarter.
    let axis = Point(x: across.x + down.y, y: across.y - down.x)
    let half = max(2 * hypot(across.x, across.y), 1.8 * hypot(down.x, down.y))
    guard half > 0, half.isFinite, axis.x != 0 || axis.y != 0 else { return nil }
    return PhotoCrop(
      x: eyes.x + 0.1 * down.x, y: eyes.y + 0.1 * down.y, size: 2 * half,
      angle: atan2(axis.y, axis.x) * 180 / .pi)
  }

  /// The crop that shows this face where `target` has its own: a model's mean face, in a picture of
  /// `side` pixels. Its FFHQ crop is laid on that of this one.
  package func crop(like target: FaceMarks, side: Int) -> PhotoCrop? {
    guard let own = crop, let wanted = target.crop else { return nil }
    // In units of the FFHQ crop and its axes.
    let scale = Double(side) / wanted.size
    let middle = wanted.point(Double(side) / 2, Double(side) / 2)
    let place = own.place(middle.u, middle.v)
    return PhotoCrop(
      x: place.x, y: place.y, size: own.size * scale, angle: own.angle - wanted.angle)
  }
}
