package import TUI

/// Cells as bytes for a terminal, with colours of its own making. Only pictures out of characters
/// are written this way: their cells have thousands of colour pairs that change with each frame,
/// while ncurses would have to be told of each pair.
package struct CellWriter: Sendable {
  package private(set) var bytes: [UInt8] = []
  private let depth: ColorDepth
  private var foreground: CellStyle.Color?
  private var background: CellStyle.Color?

  package init(depth: ColorDepth) {
    self.depth = depth
  }

  package mutating func move(to point: Point) {
    bytes += Array("\u{1b}[\(point.row + 1);\(point.column + 1)H".utf8)
  }

  package mutating func put(_ cell: Cell) {
    if cell.style.foreground != foreground {
      select(cell.style.foreground, isForeground: true)
      foreground = cell.style.foreground
    }
    if cell.style.background != background {
      select(cell.style.background, isForeground: false)
      background = cell.style.background
    }
    bytes += Array(cell.text.utf8)
  }

  package mutating func endStyle() {
    bytes += [0x1b, 0x5b, 0x6d]
    (foreground, background) = (nil, nil)
  }

  private mutating func select(_ color: CellStyle.Color, isForeground: Bool) {
    let base = isForeground ? 30 : 40
    let parameter: String
    switch (color, depth) {
    case (_, .none): return
    case (.standard, _): parameter = "\(base + 9)"
    case (.rgb(let red, let green, let blue), .trueColor):
      parameter = "\(base + 8);2;\(red);\(green);\(blue)"
    case (.rgb(let red, let green, let blue), .palette256):
      parameter = "\(base + 8);5;\(ColorReduction.palette256(red, green, blue))"
    case (.rgb(let red, let green, let blue), .palette16):
      let number = ColorReduction.basic(red, green, blue)
      parameter = "\(number < 8 ? base + number : base + 60 + number - 8)"
    }
    bytes += Array("\u{1b}[\(parameter)m".utf8)
  }
}
