package import TUI

extension Rect {
  package func intersection(_ other: Rect) -> Rect? {
    let left = max(columns.lowerBound, other.columns.lowerBound)
    let right = min(columns.upperBound, other.columns.upperBound)
    let top = max(rows.lowerBound, other.rows.lowerBound)
    let bottom = min(rows.upperBound, other.rows.upperBound)
    guard left < right, top < bottom else { return nil }
    return Rect(column: left, row: top, columns: right - left, rows: bottom - top)
  }

  /// What remains without `other`, in at most four rectangles: above, left, right, below.
  package func subtracting(_ other: Rect) -> [Rect] {
    guard let hole = intersection(other) else { return isEmpty ? [] : [self] }
    return [
      Rect(
        column: origin.column, row: origin.row, columns: size.columns,
        rows: hole.origin.row - origin.row),
      Rect(
        column: origin.column, row: hole.origin.row,
        columns: hole.origin.column - origin.column, rows: hole.size.rows),
      Rect(
        column: hole.columns.upperBound, row: hole.origin.row,
        columns: columns.upperBound - hole.columns.upperBound, rows: hole.size.rows),
      Rect(
        column: origin.column, row: hole.rows.upperBound, columns: size.columns,
        rows: rows.upperBound - hole.rows.upperBound),
    ].filter { !$0.isEmpty }
  }

  /// What remains without any of `others`.
  package func subtracting(_ others: [Rect]) -> [Rect] {
    others.reduce([self]) { pieces, other in pieces.flatMap { $0.subtracting(other) } }
      .filter { !$0.isEmpty }
  }
}
