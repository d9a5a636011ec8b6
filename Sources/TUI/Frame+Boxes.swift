/// The characters of a border.
package struct BoxGlyphs: Hashable, Sendable {
  package var topLeft, topRight, bottomLeft, bottomRight, horizontal, vertical: String

  package static let square = BoxGlyphs(
    topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘", horizontal: "─", vertical: "│")
  package static let round = BoxGlyphs(
    topLeft: "╭", topRight: "╮", bottomLeft: "╰", bottomRight: "╯", horizontal: "─", vertical: "│")
}

extension Frame {
  /// Draws a border along the inside of `rect`; the interior is left alone.
  package mutating func box(
    _ rect: Rect, glyphs: BoxGlyphs = .square, style: CellStyle = .plain
  ) {
    guard rect.size.columns >= 2, rect.size.rows >= 2 else { return }
    let (left, right) = (rect.columns.lowerBound, rect.columns.upperBound - 1)
    let (top, bottom) = (rect.rows.lowerBound, rect.rows.upperBound - 1)
    let line = String(repeating: glyphs.horizontal, count: rect.size.columns - 2)
    put(glyphs.topLeft + line + glyphs.topRight, column: left, row: top, style: style)
    put(glyphs.bottomLeft + line + glyphs.bottomRight, column: left, row: bottom, style: style)
    for row in rect.rows.dropFirst().dropLast() {
      put(glyphs.vertical, column: left, row: row, style: style)
      put(glyphs.vertical, column: right, row: row, style: style)
    }
  }

  /// Draws a box over what is there: border, title, cleared interior. Where it hides part of a
  /// picture, the hidden rectangle is noted in `covered`.
  /// - Returns: the rectangle inside, one column away from the border.
  @discardableResult
  package mutating func popup(_ rect: Rect, title: String, theme: Theme) -> Rect {
    let rect = bounds.clipped(to: rect)
    fill(rect, style: theme.text)
    box(rect, glyphs: .round, style: theme.popupBorder)
    if !title.isEmpty, rect.size.columns > 4 {
      put(
        " " + title.truncated(toColumns: rect.size.columns - 6) + " ",
        column: rect.origin.column + 2, row: rect.origin.row, style: theme.strong)
    }
    if placements.contains(where: { !$0.rect.clipped(to: rect).isEmpty }) { covered.append(rect) }
    return rect.inset(columns: 2, rows: 1)
  }
}
