package import Imaging
package import TUI

/// Pictures out of upper half blocks, ▀, two pixels a cell: the foreground is the upper one, the
/// background the lower. Shown by every terminal with colours.
package enum HalfBlocks {
  /// - Returns: `size.rows * size.columns` cells, row by row, in the colours of `depth` (24-bit
  ///   values of the terminal's colours, so that the terminal's reduction is exact).
  package static func cells(_ image: PixelImage, size: Size, depth: ColorDepth) -> [Cell] {
    guard size.columns > 0, size.rows > 0 else { return [] }
    let grid = PictureScaler.scaled(image, width: size.columns, height: size.rows * 2)
    var cells: [Cell] = []
    cells.reserveCapacity(size.columns * size.rows)
    func color(_ column: Int, _ row: Int) -> CellStyle.Color {
      let at = (row * size.columns + column) * 3
      let spread = ditherSpread(depth)
      let threshold = Self.thresholds[(row & 3) * 4 + (column & 3)] * spread / 16
      func channel(_ index: Int) -> UInt8 {
        UInt8(max(0, min(255, Int(grid.bytes[at + index]) + threshold)))
      }
      return .rgb(channel(0), channel(1), channel(2))
    }
    for row in 0..<size.rows {
      for column in 0..<size.columns {
        let style = CellStyle(
          foreground: color(column, row * 2), background: color(column, row * 2 + 1))
        cells.append(Cell("▀", style: style))
      }
    }
    return cells
  }

  /// How far an ordered dither moves the values: about half the distance of the colours there are.
  private static func ditherSpread(_ depth: ColorDepth) -> Int {
    switch depth {
    case .trueColor, .none: 0
    case .palette256: 28
    case .palette16: 96
    }
  }

  /// Bayer's 4 x 4 matrix around zero, -8 ... 7.
  private static let thresholds = [
    -8, 0, -6, 2, 4, -4, 6, -2, -5, 3, -7, 1, 7, -1, 5, -3,
  ]
}
