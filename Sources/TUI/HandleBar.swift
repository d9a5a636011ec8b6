/// A row of parts owned by one of two sides, with handles at the borders:
/// `━━━━┃████┃━━━━━━`. Full blocks are the second side's.
package struct HandleBar: Hashable, Sendable {
  /// Number of parts.
  package var count: Int
  /// Borders, ascending, each in 0...count.
  package var handles: [Int]
  /// Whether the second side owns the segment before each handle, and after the last.
  package var isSecond: [Bool]
  /// How much of each part is the second side's, 0...1 (nil: none at all), where the segments do
  /// not say it all: `━━━━┃█▒▒█┃━━░━━━`.
  package var shares: [Float?]?

  /// - Precondition: one segment more than handles.
  package init(count: Int, handles: [Int], isSecond: [Bool]) {
    precondition(isSecond.count == handles.count + 1, "a bar has one segment more than handles")
    self.count = count
    self.handles = handles
    self.isSecond = isSecond
  }

  /// What lies at a column of the drawn bar.
  package enum Place: Hashable, Sendable {
    case handle(Int)
    case segment(Int)
  }

  /// Columns for one part so that the bar fits into `available`, at most `limit`.
  package func scale(available: Int, limit: Int = 3) -> Int {
    guard count > 0 else { return 1 }
    return max(1, min(limit, (available - handles.count) / count))
  }

  package func width(scale: Int) -> Int { count * scale + handles.count }

  /// The column of a handle: the parts and the handles before it.
  package func column(ofHandle index: Int, scale: Int) -> Int { handles[index] * scale + index }

  package func place(atColumn column: Int, scale: Int) -> Place? {
    guard column >= 0, column < width(scale: scale) else { return nil }
    for index in handles.indices where self.column(ofHandle: index, scale: scale) == column {
      return .handle(index)
    }
    return .segment(
      handles.indices.count { self.column(ofHandle: $0, scale: scale) < column })
  }

  /// The part at a column of the drawn bar.
  package func part(atColumn column: Int, scale: Int) -> Int? {
    guard case .segment(let segment) = place(atColumn: column, scale: scale) else { return nil }
    return (column - segment) / scale
  }

  /// The border nearest to a column, for dragging handle `index`.
  package func border(atColumn column: Int, handle index: Int, scale: Int) -> Int {
    let parts = (Double(column - index) / Double(scale)).rounded()
    return min(max(Int(parts), 0), count)
  }

  package func draw(
    into frame: inout Frame, column: Int, row: Int, scale: Int, theme: Theme,
    focusedHandle: Int? = nil, focusedPart: Int? = nil, clip: Rect? = nil
  ) {
    var column = column
    var begin = 0
    for (index, isSecond) in isSecond.enumerated() {
      let end = index < handles.count ? handles[index] : count
      for part in begin..<max(begin, end) {
        let share = shares.flatMap { part < $0.count ? $0[part] : nil }
        let glyph = shares == nil ? isSecond ? "█" : "━" : HandleBar.glyph(share)
        let style = glyph == "━" ? theme.dim : theme.accent
        column = frame.put(
          String(repeating: glyph, count: scale), column: column, row: row,
          style: part == focusedPart ? style.bold.reversed : style, clip: clip)
      }
      if index < handles.count {
        let style = focusedHandle == index ? theme.focus : theme.text
        column = frame.put("┃", column: column, row: row, style: style, clip: clip)
      }
      begin = end
    }
  }

  private static func glyph(_ share: Float?) -> String {
    guard let share else { return "━" }
    return share > 0.85 ? "█" : share > 0.6 ? "▓" : share > 0.3 ? "▒" : "░"
  }
}
