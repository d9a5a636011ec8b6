import Glibc

/// A square of a photo, turned about its centre.
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
}

extension PixelImage {
  /// The crop at `side` × `side` pixels. Each is the mean of samples as close as the photo's own
  /// pixels, bilinear between them; beyond its edges the photo goes on with its last pixel.
  /// - Precondition: the photo has pixels, `side` and the crop's size are greater than 0.
  package func cropped(_ crop: PhotoCrop, side: Int) -> PixelImage {
    precondition(width > 0 && height > 0 && side > 0 && crop.size > 0, "nothing to crop")
    let step = crop.size / Double(side)
    let samples = min(64, max(1, Int(step.rounded(.up))))
    let (sine, cosine) = (sin(crop.angle * .pi / 180), cos(crop.angle * .pi / 180))
    var bytes = [UInt8](repeating: 0, count: side * side * 3)
    for row in 0..<side {
      for column in 0..<side {
        var sum = (0.0, 0.0, 0.0)
        for down in 0..<samples {
          for across in 0..<samples {
            let u = (Double(column) + (Double(across) + 0.5) / Double(samples)) * step - crop.size / 2
            let v = (Double(row) + (Double(down) + 0.5) / Double(samples)) * step - crop.size / 2
            let color = sample(
              crop.x + u * cosine - v * sine - 0.5, crop.y + u * sine + v * cosine - 0.5)
            sum = (sum.0 + color.0, sum.1 + color.1, sum.2 + color.2)
          }
        }
        let count = Double(samples * samples)
        let place = (row * side + column) * 3
        bytes[place] = UInt8((sum.0 / count).rounded())
        bytes[place + 1] = UInt8((sum.1 / count).rounded())
        bytes[place + 2] = UInt8((sum.2 / count).rounded())
      }
    }
    return PixelImage(width: side, height: side, bytes: bytes)
  }

  /// Between pixel centres at whole coordinates.
  private func sample(_ x: Double, _ y: Double) -> (Double, Double, Double) {
    let x = min(max(x, 0), Double(width - 1))
    let y = min(max(y, 0), Double(height - 1))
    let (left, top) = (Int(x), Int(y))
    let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
    let (fx, fy) = (x - Double(left), y - Double(top))
    func mixed(_ channel: Int) -> Double {
      func value(_ x: Int, _ y: Int) -> Double { Double(bytes[(y * width + x) * 3 + channel]) }
      let upper = value(left, top) * (1 - fx) + value(right, top) * fx
      let lower = value(left, bottom) * (1 - fx) + value(right, bottom) * fx
      return upper * (1 - fy) + lower * fy
    }
    return (mixed(0), mixed(1), mixed(2))
  }
}
