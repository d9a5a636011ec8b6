package import Imaging

/// A photo in halving sizes, so that any part of it is shown at any size in a few milliseconds.
package struct PhotoLevels: Sendable {
  /// The photo as it was read, a half of it, a quarter, …
  private let levels: [PixelImage]
  /// Pixels of the file that a pixel of the first level is wide.
  private let reduction: Double

  private static let smallestSide = 64

  package init(_ photo: PhotoFile) {
    var levels = [photo.image]
    while let last = levels.last, min(last.width, last.height) >= 2 * Self.smallestSide {
      levels.append(last.scaled(width: last.width / 2, height: last.height / 2, by: .box))
    }
    self.levels = levels
    reduction = Double(photo.reduction)
  }

  /// The whole photo.
  package func picture(width: Int, height: Int) -> PixelImage {
    let level = levels.last { $0.width >= width && $0.height >= height } ?? levels[0]
    return level.scaled(width: width, height: height)
  }

  /// A square of it at `side` × `side` pixels: to look at, not what a projection is given, which is
  /// filtered more carefully. Beyond its edges the photo is mirrored.
  package func square(_ crop: PhotoCrop, side: Int) -> PixelImage {
    let full = crop.size / reduction
    let index = levels.indices.last { full / Double(1 << $0) >= Double(side) } ?? 0
    let level = levels[index]
    let across = Double(level.width) / Double(levels[0].width) / reduction
    let down = Double(level.height) / Double(levels[0].height) / reduction
    var bytes = [UInt8]()
    bytes.reserveCapacity(side * side * 3)
    let origin = crop.place(0, 0)
    let (right, below) = (crop.place(1, 0), crop.place(0, 1))
    let step = 1 / Double(side)
    let perColumn = ((right.x - origin.x) * step * across, (right.y - origin.y) * step * down)
    let perRow = ((below.x - origin.x) * step * across, (below.y - origin.y) * step * down)
    for row in 0..<side {
      let v = Double(row) + 0.5
      for column in 0..<side {
        let u = Double(column) + 0.5
        let x = origin.x * across + u * perColumn.0 + v * perRow.0 - 0.5
        let y = origin.y * down + u * perColumn.1 + v * perRow.1 - 0.5
        level.append(atX: x, y: y, to: &bytes)
      }
    }
    return PixelImage(width: side, height: side, bytes: bytes)
  }
}

extension PixelImage {
  /// The colour between four pixels, whose centres are at whole numbers.
  fileprivate func append(atX x: Double, y: Double, to out: inout [UInt8]) {
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let across = Int((x - left) * 256)
    let down = Int((y - top) * 256)
    let (x0, x1) = (mirrored(Int(left), width), mirrored(Int(left) + 1, width))
    let (y0, y1) = (mirrored(Int(top), height) * width, mirrored(Int(top) + 1, height) * width)
    for channel in 0..<3 {
      let above =
        Int(bytes[(y0 + x0) * 3 + channel]) * (256 - across)
        + Int(bytes[(y0 + x1) * 3 + channel]) * across
      let below =
        Int(bytes[(y1 + x0) * 3 + channel]) * (256 - across)
        + Int(bytes[(y1 + x1) * 3 + channel]) * across
      out.append(UInt8((above * (256 - down) + below * down + 32768) >> 16))
    }
  }

  private func mirrored(_ index: Int, _ count: Int) -> Int {
    if index >= 0, index < count { return index }
    if count == 1 { return 0 }
    let period = 2 * (count - 1)
    let phase = ((index % period) + period) % period
    return phase < count ? phase : period - phase
  }
}
