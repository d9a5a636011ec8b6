import TUI

/// The help page: the key table in as many columns as fit.
struct HelpLayout: Hashable {
  enum Line: Hashable {
    case heading(String)
    case key(keys: String, help: String, mouse: String)
    case text(String)
    case blank
  }

  private static let columnLeast = 50

  let area: Rect
  let columnCount: Int
  let lines: [Line]

  /// - Parameter reasons: what was found out about the terminal, told at the end.
  init(_ area: Rect, reasons: [String]) {
    self.area = area
    columnCount = max(1, min(3, area.size.columns / HelpLayout.columnLeast))
    let width = area.size.columns / columnCount - 3
    var lines: [Line] = []
    for context in Context.allCases {
      if !lines.isEmpty { lines.append(.blank) }
      lines.append(.heading(context.title))
      for binding in EditorKeys.table.bindings(in: context) {
        lines.append(
          .key(keys: binding.keys, help: binding.help, mouse: binding.mouse ?? ""))
      }
    }
    if !reasons.isEmpty {
      lines += [.blank, .heading("this terminal")]
      lines += reasons.flatMap { $0.wrapped(toColumns: width) }.map { .text($0) }
    }
    self.lines = lines
  }

  /// Rows of the whole text; the columns are equally long.
  var rowCount: Int { (lines.count + columnCount - 1) / columnCount }

  func column(_ index: Int) -> Rect {
    let width = area.size.columns / columnCount
    return Rect(
      column: area.origin.column + index * width, row: area.origin.row,
      columns: columnCount == 1 ? width : width - 3,
      rows: area.size.rows)
  }
}

extension PageLayout {
  var helpArea: Rect { border.inset(columns: 2, rows: 1) }
}

extension State {
  func drawHelp(_ frame: inout Frame, _ page: PageLayout, offset: Int) {
    let help = HelpLayout(page.helpArea, reasons: screen.reasons)
    let window = ListWindow(
      count: help.rowCount, height: help.area.size.rows, offset: offset)
    for index in 0..<help.columnCount {
      let column = help.column(index)
      for row in window.visible where index * help.rowCount + row < help.lines.count {
        let place = Rect(
          column: column.origin.column, row: column.origin.row + row - window.offset,
          columns: column.size.columns, rows: 1)
        draw(help.lines[index * help.rowCount + row], &frame, place)
      }
    }
    let edge = page.border.size.columns - 1
    if window.hasMoreAbove {
      frame.put("▲", column: edge, row: help.area.origin.row, style: theme.dim)
    }
    if window.hasMoreBelow {
      frame.put("▼", column: edge, row: help.area.rows.upperBound - 1, style: theme.dim)
    }
  }

  private func draw(_ line: HelpLayout.Line, _ frame: inout Frame, _ rect: Rect) {
    let (column, row) = (rect.origin.column, rect.origin.row)
    switch line {
    case .blank: break
    case .heading(let title):
      frame.put(title, column: column, row: row, style: theme.accent, clip: rect)
    case .text(let text): frame.put(text, column: column, row: row, style: theme.dim, clip: rect)
    case .key(let keys, let help, let mouse):
      frame.put(
        keys.truncated(toColumns: 12), column: column, row: row, style: theme.strong, clip: rect)
      let room = rect.size.columns - 13
      let end = frame.put(
        help.truncated(toColumns: room), column: column + 13, row: row, style: theme.text,
        clip: rect)
      if !mouse.isEmpty, rect.columns.upperBound - end >= mouse.columns + 2 {
        frame.put(
          mouse, endingAt: rect.columns.upperBound, row: row, style: theme.dim, clip: rect)
      }
    }
  }
}
