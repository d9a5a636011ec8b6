package import Imaging
package import TUI

/// Pictures out of upper half blocks, ▀, two pixels a cell: the foreground is the upper one, the
/// background the lower. Shown by every terminal with colours.
package enum HalfBlocks {
  /// - Returns: `size.rows * size.columns` cells, row by row. Where the terminal has few colours
  ///   these are among them, and errors are diffused (Floyd and Steinberg, 1976): with steps as
  ///   wide as those of 256 colours, skin comes out in patches of pink and olive otherwise.
  package static func cells(_ image: PixelImage, size: Size, depth: ColorDepth) -> [Cell] {
    guard size.columns > 0, size.rows > 0 else { return [] }
    var grid = PictureScaler.scaled(image, width: size.columns, height: size.rows * 2)
    switch depth {
    case .trueColor, .none: break
    case .palette256:
      diffuse(&grid) { ColorReduction.color256(ColorReduction.palette256($0, $1, $2)) }
    case .palette16: diffuse(&grid) { ColorReduction.color16(ColorReduction.basic($0, $1, $2)) }
    }
    var cells: [Cell] = []
    cells.reserveCapacity(size.columns * size.rows)
    func color(_ column: Int, _ row: Int) -> CellStyle.Color {
      let at = (row * size.columns + column) * 3
      return .rgb(grid.bytes[at], grid.bytes[at + 1], grid.bytes[at + 2])
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

  private static func diffuse(
    _ grid: inout PixelImage, to nearest: (UInt8, UInt8, UInt8) -> SIMD4<Int>
  ) {
    let (width, height) = (grid.width, grid.height)
    // Errors in sixteenths, with a margin so that no edge needs asking for.
    var current = [SIMD4<Int>](repeating: .zero, count: width + 2)
    var next = current
    for y in 0..<height {
      for x in 0..<width {
        let at = (y * width + x) * 3
        let value = SIMD4(Int(grid.bytes[at]), Int(grid.bytes[at + 1]), Int(grid.bytes[at + 2]), 0)
        let wanted = (value &+ current[x + 1] / 16).clamped(
          lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: 255))
        let found = nearest(UInt8(wanted.x), UInt8(wanted.y), UInt8(wanted.z))
        let error = wanted &- found
        current[x + 2] &+= error &* 7
        next[x] &+= error &* 3
        next[x + 1] &+= error &* 5
        next[x + 2] &+= error
        grid.bytes[at] = UInt8(found.x)
        grid.bytes[at + 1] = UInt8(found.y)
        grid.bytes[at + 2] = UInt8(found.z)
      }
      (current, next) = (next, [SIMD4<Int>](repeating: .zero, count: width + 2))
    }
  }
}
