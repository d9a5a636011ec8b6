/// How a cell looks. Colours are roles or 24-bit values; the terminal layer reduces them to what
/// the terminal has (24-bit, 256, 16 colours, or none under NO_COLOR).
package struct CellStyle: Hashable, Sendable {
  package enum Color: Hashable, Sendable {
    case standard
    case rgb(UInt8, UInt8, UInt8)
  }
  package var foreground: Color
  package var background: Color
  package var isBold = false
  package var isDim = false
  package var isReversed = false
  package var isUnderlined = false

  package init(foreground: Color = .standard, background: Color = .standard) {
    self.foreground = foreground
    self.background = background
  }

  package static let plain = CellStyle()
}

/// One character cell. The right half of a wide character is a cell with an empty `text`.
package struct Cell: Hashable, Sendable {
  package var text: String
  package var style: CellStyle
  package init(_ text: String = " ", style: CellStyle = .plain) {
    self.text = text
    self.style = style
  }
}

/// A picture shown over a rectangle of cells. Pixels never sit in a frame: `image` names what the
/// program hands out on request, `generation` changes whenever its pixels do.
package struct ImagePlacement: Hashable, Sendable {
  package var rect: Rect
  package var image: Int
  package var generation: Int
  package init(rect: Rect, image: Int, generation: Int) {
    self.rect = rect
    self.image = image
    self.generation = generation
  }
}

/// Everything the screen shows, as a value: a grid of cells and the pictures over it. Cells that
/// a popup draws inside a placement's rectangle are listed in `covered`, so that the terminal
/// layer knows the picture is partly hidden.
package struct Frame: Hashable, Sendable {
  package let size: Size
  package private(set) var cells: [Cell]
  package var placements: [ImagePlacement] = []
  /// Rectangles drawn over the pictures (popups).
  package var covered: [Rect] = []
  /// Where the text cursor is shown, if anywhere.
  package var cursor: Point?

  package init(size: Size) {
    self.size = size
    cells = Array(repeating: Cell(), count: max(0, size.columns * size.rows))
  }

  package subscript(column: Int, row: Int) -> Cell {
    get { cells[row * size.columns + column] }
    set { cells[row * size.columns + column] = newValue }
  }
}
