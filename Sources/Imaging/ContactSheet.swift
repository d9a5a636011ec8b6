/// Pictures side by side on one.
package enum ContactSheet {
  /// Lays pictures of one size out row by row.
  /// - Parameters:
  ///   - columns: pictures in a row; the last row may be short.
  ///   - gutter: pixels between neighbours, none around the edge.
  ///   - background: colour of gutters and empty places, R G B.
  /// - Precondition: there is a picture, all have the same size, `columns` is at least 1.
  package static func compose(
    _ images: [PixelImage], columns: Int, gutter: Int = 0,
    background: (UInt8, UInt8, UInt8) = (0, 0, 0)
  ) -> PixelImage {
    precondition(!images.isEmpty && columns > 0 && gutter >= 0, "a sheet needs pictures")
    let (width, height) = (images[0].width, images[0].height)
    precondition(
      images.allSatisfy { ($0.width, $0.height) == (width, height) },
      "pictures on a sheet have one size")
    let columns = min(columns, images.count)
    let rows = (images.count + columns - 1) / columns
    let sheetWidth = columns * (width + gutter) - gutter
    let sheetHeight = rows * (height + gutter) - gutter
    let fill = [background.0, background.1, background.2]
    var bytes = [UInt8](repeating: 0, count: sheetWidth * sheetHeight * 3)
    if fill != [0, 0, 0] { for index in bytes.indices { bytes[index] = fill[index % 3] } }
    for (index, image) in images.enumerated() {
      let left = (index % columns) * (width + gutter)
      let top = (index / columns) * (height + gutter)
      for y in 0..<height {
        let destination = ((top + y) * sheetWidth + left) * 3
        bytes.replaceSubrange(
          destination..<destination + width * 3,
          with: image.bytes[y * width * 3..<(y + 1) * width * 3])
      }
    }
    return PixelImage(width: sheetWidth, height: sheetHeight, bytes: bytes)
  }
}
