import Glibc

/// A square of a photo, turned about its centre: a similarity between the photo and a target.
package struct PhotoCrop: Hashable, Sendable {
  /// The centre, in pixels from the photo's top left corner.
  package var x: Double
  package var y: Double
  /// Pixels a side, in the photo's.
  package var size: Double
  /// Degrees by which the square lies turned clockwise in the photo.
  package var angle: Double

  package init(x: Double, y: Double, size: Double, angle: Double = 0) {
    self.x = x
    self.y = y
    self.size = size
    self.angle = angle
  }

  /// The largest square around the middle.
  package init(centreOf photo: PixelImage) {
    self.init(
      x: Double(photo.width) / 2, y: Double(photo.height) / 2,
      size: Double(min(photo.width, photo.height)))
  }

  /// The place in the photo of a point of the crop, whose corners are (0, 0) and (1, 1).
  package func place(_ u: Double, _ v: Double) -> (x: Double, y: Double) {
    let (sine, cosine) = (sin(angle * .pi / 180), cos(angle * .pi / 180))
    let (across, down) = ((u - 0.5) * size, (v - 0.5) * size)
    return (x + across * cosine - down * sine, y + across * sine + down * cosine)
  }

  /// The point of the crop that lies at a place in the photo; the inverse of `place`.
  package func point(_ x: Double, _ y: Double) -> (u: Double, v: Double) {
    let (sine, cosine) = (sin(angle * .pi / 180), cos(angle * .pi / 180))
    let (across, down) = (x - self.x, y - self.y)
    return (
      (across * cosine + down * sine) / size + 0.5, (down * cosine - across * sine) / size + 0.5
    )
  }
}

extension PhotoCrop: CustomStringConvertible {
  /// Reads `x,y,size` or `x,y,size,angle`; nil where it is no such thing or the size is not
  /// greater than 0.
  package init?(parsing text: String) {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard (3...4).contains(numbers.count), let x = numbers[0], let y = numbers[1],
      let size = numbers[2], let angle = numbers.count == 4 ? numbers[3] : 0,
      [x, y, size, angle].allSatisfy({ $0.isFinite && abs($0) < 1e9 }), size > 0
    else { return nil }
    self.init(x: x, y: y, size: size, angle: angle)
  }

  /// `x,y,size,angle`, to a hundredth: what `init(parsing:)` reads.
  package var description: String {
    [x, y, size, angle].map { value in
      let hundredths = Int((value * 100).rounded())
      let (whole, rest) = (abs(hundredths) / 100, abs(hundredths) % 100)
      let sign = hundredths < 0 ? "-" : ""
      if rest == 0 { return "\(sign)\(whole)" }
      let digits = rest < 10 ? "0\(rest)" : rest % 10 == 0 ? "\(rest / 10)" : "\(rest)"
      return "\(sign)\(whole).\(digits)"
    }.joined(separator: ",")
  }
}
