package import Files

/// How a camera was held: what must be done to the stored picture to see it upright. The numbers
/// are EXIF's (tag 0x0112).
package enum PictureOrientation: Int, Sendable, CaseIterable {
  case up = 1
  case mirrored = 2
  case upsideDown = 3
  case upsideDownMirrored = 4
  /// Mirrored, then turned a quarter to the left; rows become columns.
  case transposed = 5
  /// To be turned a quarter to the right.
  case right = 6
  /// Rows become columns from the bottom right.
  case transversed = 7
  /// To be turned a quarter to the left.
  case left = 8

  package var swapsSides: Bool { rawValue >= 5 }

  /// What an EXIF record says: the header `Exif 0 0` (which PNG and WebP leave out) and a TIFF
  /// directory. Anything unreadable is `up`, for a picture is not worse for it.
  package init(exif: Bytes) {
    self = Self.read(exif) ?? .up
  }

  private static func read(_ exif: Bytes) -> PictureOrientation? {
    var base = 0
    if exif.slice(from: 0, count: 6)?.array == Array("Exif\0\0".utf8) { base = 6 }
    guard let mark = exif.slice(from: base, count: 2)?.array else { return nil }
    let isLittle: Bool
    switch mark {
    case Array("II".utf8): isLittle = true
    case Array("MM".utf8): isLittle = false
    default: return nil
    }
    func number(_ offset: Int, _ count: Int) -> Int? {
      guard let bytes = exif.slice(from: base + offset, count: count)?.array else { return nil }
      return (isLittle ? bytes.reversed() : bytes).reduce(0) { $0 << 8 | Int($1) }
    }
    guard number(2, 2) == 42, let directory = number(4, 4), let entries = number(directory, 2)
    else { return nil }
    for entry in 0..<entries {
      let at = directory + 2 + entry * 12
      guard let tag = number(at, 2) else { return nil }
      // One SHORT, in the first half of the value field.
      guard tag == 0x0112, number(at + 2, 2) == 3, number(at + 4, 4) == 1 else { continue }
      return number(at + 8, 2).flatMap { PictureOrientation(rawValue: $0) }
    }
    return nil
  }
}

extension PixelImage {
  /// The picture as it is to be seen.
  package func upright(from orientation: PictureOrientation) -> PixelImage {
    if orientation == .up { return self }
    let (newWidth, newHeight) = orientation.swapsSides ? (height, width) : (width, height)
    let (right, bottom) = (width - 1, height - 1)
    return PixelImage(
      width: newWidth, height: newHeight,
      bytes: unsafe [UInt8](unsafeUninitializedCapacity: bytes.count) { out, count in
        unsafe bytes.withUnsafeBufferPointer { source in
          for y in 0..<newHeight {
            for x in 0..<newWidth {
              let (column, row) =
                switch orientation {
                case .up: (x, y)
                case .mirrored: (right - x, y)
                case .upsideDown: (right - x, bottom - y)
                case .upsideDownMirrored: (x, bottom - y)
                case .transposed: (y, x)
                case .right: (y, bottom - x)
                case .transversed: (right - y, bottom - x)
                case .left: (right - y, x)
                }
              let from = (row * width + column) * 3
              let to = (y * newWidth + x) * 3
              for c in 0..<3 { unsafe out[to + c] = source[from + c] }
            }
          }
        }
        count = bytes.count
      })
  }
}
