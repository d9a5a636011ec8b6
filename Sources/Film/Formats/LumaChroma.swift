package import Imaging
import Tensors

/// A picture as video has it: lightness at full, two colour differences at half the resolution.
///
/// BT.709 matrix, limited range (16…235, 16…240), chroma sited at the left of each pair of pixels
/// as MPEG-2 and H.264 expect. In whole numbers, so that it is the same everywhere.
package struct LumaChroma: Hashable, Sendable {
  package let width: Int
  package let height: Int
  /// Y, then Cb, then Cr, row by row.
  package let bytes: [UInt8]

  /// - Precondition: even sides.
  package init(_ image: PixelImage) {
    let (width, height) = (image.width, image.height)
    precondition(width.isMultiple(of: 2) && height.isMultiple(of: 2), "odd sides")
    self.width = width
    self.height = height
    bytes = lumaChromaBytes(image.bytes, width: width, height: height)
  }
}
