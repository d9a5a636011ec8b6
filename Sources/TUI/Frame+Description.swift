extension Frame: CustomStringConvertible {
  /// The frame as text: one line for each row (without spaces at its end), `▒` where a picture
  /// shows, then a line for each picture and one for the cursor. What the snapshot tests compare.
  package var description: String {
    var lines = (0..<size.rows).map { row in
      var line = ""
      for column in 0..<size.columns {
        line += showsPicture(column, row) ? "▒" : self[column, row].text
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    for placement in placements {
      let (origin, extent) = (placement.rect.origin, placement.rect.size)
      lines.append(
        "[image \(placement.image), generation \(placement.generation): "
          + "\(extent.columns)×\(extent.rows) at \(origin.column),\(origin.row)]")
    }
    if let cursor { lines.append("[cursor at \(cursor.column),\(cursor.row)]") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func showsPicture(_ column: Int, _ row: Int) -> Bool {
    let point = Point(column: column, row: row)
    return placements.contains { $0.rect.contains(point) }
      && !covered.contains { $0.contains(point) }
  }
}
