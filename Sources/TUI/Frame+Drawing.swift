extension Frame {
  package var bounds: Rect { Rect(column: 0, row: 0, columns: size.columns, rows: size.rows) }

  /// Writes one line of text, cut off at `clip` (and always at the frame's edges).
  ///
  /// A character that would obey rather than show (control characters from a file name, say) is
  /// written as `�`; a wide character that does not fit whole is left out.
  /// - Returns: the column after the last one the text takes, whether shown or clipped.
  @discardableResult
  package mutating func put(
    _ text: some StringProtocol, column: Int, row: Int, style: CellStyle = .plain,
    clip: Rect? = nil
  ) -> Int {
    let visible = clip.map { bounds.clipped(to: $0) } ?? bounds
    var column = column
    for character in text {
      let width = character.columns
      if width == 0 { continue }
      if visible.rows.contains(row) && column >= visible.columns.lowerBound
        && column + width <= visible.columns.upperBound
      {
        set(character.isControl ? "�" : String(character), column, row, width: width, style)
      }
      column += width
    }
    return column
  }

  /// Writes text so that it ends before `end`.
  package mutating func put(
    _ text: some StringProtocol, endingAt end: Int, row: Int, style: CellStyle = .plain,
    clip: Rect? = nil
  ) {
    put(text, column: end - text.columns, row: row, style: style, clip: clip)
  }

  /// Fills a rectangle with one narrow character.
  package mutating func fill(_ rect: Rect, with text: String = " ", style: CellStyle = .plain) {
    let visible = bounds.clipped(to: rect)
    for row in visible.rows {
      for column in visible.columns { set(text, column, row, width: 1, style) }
    }
  }

  /// Changes how the cells of a rectangle look, leaving their text.
  package mutating func restyle(_ rect: Rect, _ change: (inout CellStyle) -> Void) {
    let visible = bounds.clipped(to: rect)
    for row in visible.rows {
      for column in visible.columns { change(&self[column, row].style) }
    }
  }

  private mutating func set(
    _ text: String, _ column: Int, _ row: Int, width: Int, _ style: CellStyle
  ) {
    // Half of an overwritten wide character must not stay behind.
    if self[column, row].text.isEmpty, column > 0 { self[column - 1, row].text = " " }
    let last = column + width - 1
    if last + 1 < size.columns, self[last + 1, row].text.isEmpty { self[last + 1, row].text = " " }
    self[column, row] = Cell(text, style: style)
    if width == 2 { self[column + 1, row] = Cell("", style: style) }
  }
}
