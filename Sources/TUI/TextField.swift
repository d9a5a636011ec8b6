/// One line of text being typed.
package struct TextField: Hashable, Sendable {
  package private(set) var text: String
  /// Characters before the cursor.
  package private(set) var cursor: Int

  package init(_ text: String = "") {
    self.text = text
    cursor = text.count
  }

  package mutating func insert(_ new: some StringProtocol) {
    let printable = new.filter { !$0.isControl }
    text.insert(contentsOf: printable, at: text.index(text.startIndex, offsetBy: cursor))
    // Counted anew: typed marks may join the character before them.
    cursor = min(text.count, cursor + printable.count)
  }

  /// Takes a key the field understands: characters, motion, deletion, and the shell's ctrl-A E U
  /// K W.
  /// - Returns: whether it did.
  package mutating func receive(_ key: Key, _ modifiers: Modifiers) -> Bool {
    switch key {
    case .character(let character) where modifiers.contains(.control):
      switch character {
      case "a": cursor = 0
      case "e": cursor = text.count
      case "u": remove(0..<cursor)
      case "k": remove(cursor..<text.count)
      case "w": remove(wordStart..<cursor)
      default: return false
      }
    case .character(let character) where !modifiers.contains(.alt): insert(String(character))
    case .backspace: remove(max(0, cursor - 1)..<cursor)
    case .delete: remove(cursor..<min(text.count, cursor + 1))
    case .left: cursor = max(0, cursor - 1)
    case .right: cursor = min(text.count, cursor + 1)
    case .home: cursor = 0
    case .end: cursor = text.count
    default: return false
    }
    return true
  }

  /// Draws the part around the cursor that fits, and puts the frame's cursor there.
  package func draw(into frame: inout Frame, _ rect: Rect, style: CellStyle) {
    guard !rect.isEmpty else { return }
    let before = text.prefix(cursor).columns
    let shift = max(0, before - (rect.size.columns - 1))
    frame.fill(rect, style: style)
    frame.put(
      text, column: rect.origin.column - shift, row: rect.origin.row, style: style, clip: rect)
    frame.cursor = Point(column: rect.origin.column + before - shift, row: rect.origin.row)
  }

  private var wordStart: Int {
    let before = Array(text.prefix(cursor))
    var index = before.count
    while index > 0, before[index - 1] == " " { index -= 1 }
    while index > 0, before[index - 1] != " " { index -= 1 }
    return index
  }

  private mutating func remove(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    let start = text.index(text.startIndex, offsetBy: range.lowerBound)
    let end = text.index(text.startIndex, offsetBy: range.upperBound)
    text.removeSubrange(start..<end)
    cursor = range.lowerBound
  }
}
