import TUI

/// A terminal's screen, as far as the sequences go that a screen's update may consist of. Pictures
/// are remembered as the cells they fill; text erases them, as it does in real terminals.
struct ScreenModel {
  static let picture: Character = "▓"
  /// Sequences that an update must not contain: they would move pictures about, or are unknown.
  private(set) var objections: Set<String> = []
  private(set) var cells: [[Character?]]
  /// The SGR sequences in force in each cell.
  private(set) var styles: [[String]]
  private(set) var picturesDrawn = 0
  private(set) var isCursorShown = true
  private(set) var column = 0
  private(set) var row = 0
  private var saved = (0, 0)
  private var style = ""
  private let size: Size
  private let cell: TerminalTraits.PixelSize

  init(size: Size, cell: TerminalTraits.PixelSize) {
    self.size = size
    self.cell = cell
    cells = Array(repeating: Array(repeating: " ", count: size.columns), count: size.rows)
    styles = Array(repeating: Array(repeating: "", count: size.columns), count: size.rows)
  }

  /// A row as text; the right halves of wide characters are left out.
  func text(_ row: Int) -> String { String(cells[row].compactMap { $0 }) }

  mutating func write(_ bytes: [UInt8]) {
    var rest = Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar.value {
      case 0x1b: escape(&rest)
      case 0x0d: column = 0
      case 0x0a: row = min(row + 1, size.rows - 1)
      case 0x08: column = max(0, column - 1)
      case 0..<0x20: objections.insert("control \(scalar.value)")
      default: put(Character(scalar))
      }
    }
  }

  private mutating func put(_ character: Character) {
    let isWide = character.unicodeScalars.first!.value >= 0x2e80 && character.utf8.count == 3
    guard column < size.columns else {
      objections.insert("text beyond the last column")
      return
    }
    cells[row][column] = character
    styles[row][column] = style
    if isWide, column + 1 < size.columns { cells[row][column + 1] = nil }
    // At the last column the cursor stays, to wrap with the next character.
    column += isWide ? 2 : 1
  }

  private mutating func erase(_ row: Int, _ columns: Range<Int>) {
    for column in columns.clamped(to: 0..<size.columns) {
      cells[row][column] = " "
      styles[row][column] = style
    }
  }

  private mutating func escape(_ rest: inout ArraySlice<Unicode.Scalar>) {
    switch rest.popFirst() {
    case "7": saved = (column, row)
    case "8": (column, row) = saved
    case "(": rest.removeFirst()
    case "P": sixels(&rest)
    case "[": control(&rest)
    case let other: objections.insert("ESC \(other.map(String.init) ?? "end")")
    }
  }

  private mutating func control(_ rest: inout ArraySlice<Unicode.Scalar>) {
    var body = ""
    while let next = rest.first, !(0x40...0x7e).contains(next.value) {
      body.unicodeScalars.append(next)
      rest.removeFirst()
    }
    let final = rest.popFirst() ?? " "
    let numbers = body.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    let first = max(1, numbers.first ?? 1)
    switch final {
    case "H", "f":
      row = min(size.rows, first) - 1
      column = min(size.columns, max(1, numbers.count > 1 ? numbers[1] : 1)) - 1
    case "A": row = max(0, row - first)
    case "B": row = min(size.rows - 1, row + first)
    case "C": column = min(size.columns - 1, column + first)
    case "D": column = max(0, column - first)
    case "G", "`": column = min(size.columns, first) - 1
    case "d": row = min(size.rows, first) - 1
    case "J" where numbers.first ?? 0 == 2:
      for row in 0..<size.rows { erase(row, 0..<size.columns) }
    case "J" where numbers.first ?? 0 == 0:
      erase(row, column..<size.columns)
      for row in row + 1..<max(row + 1, size.rows) { erase(row, 0..<size.columns) }
    case "K" where numbers.first ?? 0 == 0: erase(row, column..<size.columns)
    case "K" where numbers.first ?? 0 == 1: erase(row, 0..<column + 1)
    case "X": erase(row, column..<column + first)
    case "m": style = body.isEmpty || body == "0" ? "" : style + "[\(body)]"
    case "h" where body == "?25": isCursorShown = true
    case "l" where body == "?25": isCursorShown = false
    case "h", "l":
      // Wrapping is switched off for a moment to write the last cell of all.
      if body != "?2026" && body != "?7" { objections.insert("CSI \(body) \(final)") }
    default: objections.insert("CSI \(body) \(final)")
    }
  }

  private mutating func sixels(_ rest: inout ArraySlice<Unicode.Scalar>) {
    var body: [UInt8] = [0x1b, 0x50]
    while let next = rest.popFirst() {
      body.append(UInt8(next.value))
      if body.suffix(2) == [0x1b, 0x5c] { break }
    }
    guard let decoded = try? SixelDecoder(body), decoded.isComplete else {
      objections.insert("broken sixels")
      return
    }
    picturesDrawn += 1
    for row in row..<row + (decoded.height + cell.height - 1) / cell.height {
      for column in column..<column + (decoded.width + cell.width - 1) / cell.width {
        guard row < size.rows - 1, column < size.columns else {
          objections.insert("a picture on the last row or beyond the edge")
          return
        }
        cells[row][column] = Self.picture
      }
    }
  }
}
