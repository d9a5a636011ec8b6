package import Imaging

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The photo with its square drawn over it: what lies outside is dark, a line runs around what lies
/// inside, crosses stand where the model has eyes and mouth.
package struct CropPicture: Hashable, Sendable {
  package struct Cross: Hashable, Sendable {
    /// In pixels of the photo.
    package var place: FaceMarks.Point
    /// Half its length in pixels of the picture.
    package var reach: Double
    package var isStrong: Bool

    package init(_ place: FaceMarks.Point, reach: Double, isStrong: Bool) {
      self.place = place
      self.reach = reach
      self.isStrong = isStrong
    }
  }

  /// In pixels of the photo.
  package var crop: PhotoCrop
  package var crosses: [Cross]
  /// Whether the square shows: not while marks are being set.
  package var showsSquare: Bool

  package init(crop: PhotoCrop, crosses: [Cross] = [], showsSquare: Bool = true) {
    self.crop = crop
    self.crosses = crosses
    self.showsSquare = showsSquare
  }

  /// What is outside keeps so much of its light, in 256ths.
  private static let outside = 96
  private static let line: (UInt8, UInt8, UInt8) = (255, 170, 90)
  private static let strong: (UInt8, UInt8, UInt8) = (90, 255, 140)

  /// - Parameters:
  ///   - photo: the whole of it at the size of the picture
  ///   - scale: pixels of the picture for one of the photo, across and down
  package func draw(over photo: PixelImage, scale: (across: Double, down: Double)) -> PixelImage {
    var picture = photo
    if showsSquare { drawSquare(&picture, scale) }
    for cross in crosses { draw(cross, &picture, scale) }
    return picture
  }

  private func drawSquare(_ picture: inout PixelImage, _ scale: (across: Double, down: Double)) {
    // Of the picture's pixels, from the middle of the square along its own axes.
    let half = crop.size / 2 * min(scale.across, scale.down)
    let (sine, cosine) = (sin(crop.angle * .pi / 180), cos(crop.angle * .pi / 180))
    let shared = min(scale.across, scale.down)
    let (width, height) = (picture.width, picture.height)
    unsafe picture.bytes.withUnsafeMutableBufferPointer { bytes in
      for row in 0..<height {
        let y = ((Double(row) + 0.5) / scale.down - crop.y) * shared
        for column in 0..<width {
          let x = ((Double(column) + 0.5) / scale.across - crop.x) * shared
          let distance = max(abs(x * cosine + y * sine), abs(y * cosine - x * sine)) - half
          let at = (row * width + column) * 3
          if distance > 1 {
            for channel in 0..<3 {
              unsafe bytes[at + channel] = UInt8((Int(bytes[at + channel]) * Self.outside) >> 8)
            }
          } else if distance > -1.5 {
            unsafe bytes[at] = Self.line.0
            unsafe bytes[at + 1] = Self.line.1
            unsafe bytes[at + 2] = Self.line.2
          }
        }
      }
    }
  }

  /// An upright cross, dark beside its lines so that it shows on light and dark alike.
  private func draw(
    _ cross: Cross, _ picture: inout PixelImage, _ scale: (across: Double, down: Double)
  ) {
    let x = cross.place.x * scale.across
    let y = cross.place.y * scale.down
    guard x.isFinite, y.isFinite, abs(x) < 1e6, abs(y) < 1e6 else { return }
    let reach = cross.reach + 1
    let color = cross.isStrong ? Self.strong : Self.line
    for row in Int(y - reach)...Int(y + reach) where (0..<picture.height).contains(row) {
      for column in Int(x - reach)...Int(x + reach) where (0..<picture.width).contains(column) {
        let (dx, dy) = (abs(Double(column) + 0.5 - x), abs(Double(row) + 0.5 - y))
        let (near, far) = (min(dx, dy), max(dx, dy))
        // The very middle stays free to see what lies there.
        guard far > 1.5, near < 2, far <= reach else { continue }
        let at = (row * picture.width + column) * 3
        let isLine = near < 1 && far <= cross.reach
        picture.bytes[at] = isLine ? color.0 : 0
        picture.bytes[at + 1] = isLine ? color.1 : 0
        picture.bytes[at + 2] = isLine ? color.2 : 0
      }
    }
  }
}
