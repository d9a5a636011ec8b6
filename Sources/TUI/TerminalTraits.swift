/// How pictures are shown, best first.
package enum GraphicsKind: String, Hashable, Sendable, CaseIterable {
  case sixel, kitty, iterm
  /// Upper half blocks in two colours: two pixels a cell.
  case blocks
  case ascii

  /// Whether pictures have the pixels of the screen, not those of a coarse grid of characters.
  package var isPixelExact: Bool {
    switch self {
    case .sixel, .kitty, .iterm: true
    case .blocks, .ascii: false
    }
  }
}

package enum ColorDepth: Hashable, Sendable {
  case trueColor, palette256, palette16, none
}

/// What a program may want to know about the terminal it is shown in.
package struct TerminalTraits: Hashable, Sendable {
  /// Extents in pixels.
  package struct PixelSize: Hashable, Sendable {
    package var width: Int
    package var height: Int
    package init(width: Int, height: Int) {
      self.width = width
      self.height = height
    }
  }

  package var size: Size
  /// One character cell in pixels. Terminals that do not tell are taken to have 10 x 20.
  package var cell: PixelSize
  package var graphics: GraphicsKind
  package var colors: ColorDepth
  /// One sentence for each decision: what was chosen and what spoke for it.
  package var reasons: [String]

  package init(
    size: Size, cell: PixelSize = PixelSize(width: 10, height: 20),
    graphics: GraphicsKind = .blocks, colors: ColorDepth = .trueColor, reasons: [String] = []
  ) {
    self.size = size
    self.cell = cell
    self.graphics = graphics
    self.colors = colors
    self.reasons = reasons
  }

  /// The largest rectangle of whole cells within `area`, centred in it, in which a picture of
  /// `width` x `height` pixels keeps its proportions as closely as whole cells allow.
  ///
  /// - Parameter limit: no wider and no higher than so many pixels; larger pictures only cost
  ///   time on the wire. Pictures out of characters have no pixels to spare and no such limit.
  package func fit(width: Int, height: Int, in area: Rect, limit: Int = .max) -> Rect {
    precondition(width > 0 && height > 0, "a picture of \(width)x\(height) pixels has no shape")
    let limit = graphics.isPixelExact ? limit : .max
    let columns = max(0, min(area.size.columns, limit / cell.width))
    let rows = max(0, min(area.size.rows, limit / cell.height))
    guard columns > 0, rows > 0 else {
      return Rect(column: area.origin.column, row: area.origin.row, columns: 0, rows: 0)
    }
    // Rounded, so that the error is at most half a cell in one direction.
    func rounded(_ a: Int, _ b: Int) -> Int { max(1, (2 * a + b) / (2 * b)) }
    var fitted = Size(
      columns: columns,
      rows: rounded(columns * cell.width * height, width * cell.height))
    if fitted.rows > rows {
      fitted = Size(
        columns: min(columns, rounded(rows * cell.height * width, height * cell.width)), rows: rows)
    }
    return Rect(
      column: area.origin.column + (area.size.columns - fitted.columns) / 2,
      row: area.origin.row + (area.size.rows - fitted.rows) / 2,
      columns: fitted.columns, rows: fitted.rows)
  }
}
