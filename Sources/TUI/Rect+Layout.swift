/// Cutting rectangles into parts. All results lie inside the receiver; a request for more than
/// there is gets what there is.
extension Rect {
  package var isEmpty: Bool { size.columns <= 0 || size.rows <= 0 }

  package func clipped(to other: Rect) -> Rect {
    let left = max(columns.lowerBound, other.columns.lowerBound)
    let top = max(rows.lowerBound, other.rows.lowerBound)
    let right = min(columns.upperBound, other.columns.upperBound)
    let bottom = min(rows.upperBound, other.rows.upperBound)
    return Rect(
      column: left, row: top, columns: max(0, right - left), rows: max(0, bottom - top))
  }

  package func inset(columns: Int = 0, rows: Int = 0) -> Rect {
    Rect(
      column: origin.column + columns, row: origin.row + rows,
      columns: max(0, size.columns - 2 * columns), rows: max(0, size.rows - 2 * rows))
  }

  /// The rectangle of this size in the middle, cut to the receiver.
  package func centered(columns: Int, rows: Int) -> Rect {
    let columns = min(columns, size.columns)
    let rows = min(rows, size.rows)
    return Rect(
      column: origin.column + (size.columns - columns) / 2,
      row: origin.row + (size.rows - rows) / 2, columns: columns, rows: rows)
  }

  /// Removes `count` rows from the top and returns them.
  package mutating func takeTop(_ count: Int) -> Rect {
    let count = max(0, min(count, size.rows))
    let taken = Rect(
      column: origin.column, row: origin.row, columns: size.columns, rows: count)
    origin.row += count
    size.rows -= count
    return taken
  }

  /// Removes `count` rows from the bottom and returns them.
  package mutating func takeBottom(_ count: Int) -> Rect {
    let count = max(0, min(count, size.rows))
    size.rows -= count
    return Rect(
      column: origin.column, row: rows.upperBound, columns: size.columns, rows: count)
  }

  /// Removes `count` columns from the left and returns them.
  package mutating func takeLeft(_ count: Int) -> Rect {
    let count = max(0, min(count, size.columns))
    let taken = Rect(
      column: origin.column, row: origin.row, columns: count, rows: size.rows)
    origin.column += count
    size.columns -= count
    return taken
  }

  /// Removes `count` columns from the right and returns them.
  package mutating func takeRight(_ count: Int) -> Rect {
    let count = max(0, min(count, size.columns))
    size.columns -= count
    return Rect(
      column: columns.upperBound, row: origin.row, columns: count, rows: size.rows)
  }
}
