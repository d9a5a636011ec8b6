import Foundation
import Imaging

enum TestPictures {
  static func filled(_ width: Int, _ height: Int, _ color: (UInt8, UInt8, UInt8)) -> PixelImage {
    PixelImage(
      width: width, height: height,
      bytes: (0..<width * height).flatMap { _ in [color.0, color.1, color.2] })
  }

  /// A shaded ball in skin colours before a gradient: the colours of a portrait.
  static func ball(_ width: Int, _ height: Int) -> PixelImage {
    var bytes: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let u = 2 * Double(x) / Double(width) - 1
        let v = 2 * Double(y) / Double(height) - 1
        let distance = u * u / 0.4 + v * v / 0.6
        if distance < 1 {
          let light = 0.2 + 0.7 * (1 - distance).squareRoot() + 0.1 * sin(9 * u) * cos(7 * v)
          bytes += [225, 172, 140].map { UInt8(min(255, $0 * light)) }
        } else {
          bytes += [90 + 60 * u, 110 + 50 * v, 140 - 40 * u].map { UInt8($0) }
        }
      }
    }
    return PixelImage(width: width, height: height, bytes: bytes)
  }

  /// Every pixel another colour, without any order.
  static func noise(_ width: Int, _ height: Int) -> PixelImage {
    var state: UInt64 = 88_172_645_463_325_252
    return PixelImage(
      width: width, height: height,
      bytes: (0..<width * height * 3).map { _ in
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return UInt8(truncatingIfNeeded: state >> 24)
      })
  }

  /// Peak signal to noise ratio in decibels.
  static func psnr(_ a: PixelImage, _ b: PixelImage) -> Double {
    let sum = zip(a.bytes, b.bytes).reduce(0.0) { sum, pair in
      let difference = Double(pair.0) - Double(pair.1)
      return sum + difference * difference
    }
    return sum == 0 ? .infinity : 10 * log10(255 * 255 * Double(a.bytes.count) / sum)
  }
}
