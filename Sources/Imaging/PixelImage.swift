/// An 8-bit RGB picture, row by row from the top, three bytes a pixel.
package struct PixelImage: Hashable, Sendable {
  package let width: Int
  package let height: Int
  /// `width * height * 3` bytes, R G B.
  package var bytes: [UInt8]

  /// - Precondition: `bytes.count == width * height * 3`.
  package init(width: Int, height: Int, bytes: [UInt8]) {
    precondition(
      bytes.count == width * height * 3,
      "\(bytes.count) bytes do not fill a picture of \(width)x\(height)")
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  /// A picture of one colour.
  package init(width: Int, height: Int, filledWith color: (UInt8, UInt8, UInt8)) {
    self.init(
      width: width, height: height,
      bytes: (0..<width * height).flatMap { _ in [color.0, color.1, color.2] })
  }
}
