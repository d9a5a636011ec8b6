/// A line of `key what` hints that drops what does not fit.
package struct HintLine: Hashable, Sendable {
  package struct Hint: Hashable, Sendable {
    package var key: String
    package var text: String
    package init(key: String, text: String) {
      self.key = key
      self.text = text
    }
    fileprivate var columns: Int { key.columns + 1 + text.columns }
  }
  package var hints: [Hint]

  package init(_ hints: [Hint]) { self.hints = hints }

  /// Where each hint goes: those that fit from the left, two columns apart.
  package func layout(in rect: Rect) -> [(hint: Int, rect: Rect)] {
    var column = rect.origin.column
    var placed: [(hint: Int, rect: Rect)] = []
    for (index, hint) in hints.enumerated() {
      guard column + hint.columns <= rect.columns.upperBound else { continue }
      placed.append(
        (index, Rect(column: column, row: rect.origin.row, columns: hint.columns, rows: 1)))
      column += hint.columns + 2
    }
    return placed
  }

  package func draw(into frame: inout Frame, _ rect: Rect, theme: Theme) {
    for (index, place) in layout(in: rect) {
      let hint = hints[index]
      let row = place.origin.row
      let end = frame.put(
        hint.key, column: place.origin.column, row: row, style: theme.strong, clip: rect)
      frame.put(hint.text, column: end + 1, row: row, style: theme.dim, clip: rect)
    }
  }
}
