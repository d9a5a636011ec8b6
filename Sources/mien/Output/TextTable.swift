/// Rows of words in aligned columns, two spaces apart.
struct TextTable {
  private var rows: [[String]] = []

  /// Words often come from files and may hold anything, also codes that command the terminal.
  mutating func append(_ row: [String]) { rows.append(row.map(Ending.oneLine)) }

  /// Every row ends with a newline; none has trailing spaces.
  var text: String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return rows.map { row in
      var line = ""
      for (column, word) in row.enumerated() {
        line += word
        if column + 1 < row.count {
          line += String(repeating: " ", count: widths[column] - word.count + 2)
        }
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}
