import CNcurses
import CTerminal
package import TUI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The cells of the screen, by ncurses: it knows what the terminal shows and finds the shortest
/// way to what it should show.
///
/// ncurses draws into a file in memory, not into the terminal: what it writes goes out together
/// with the pictures, by whoever owns the terminal, and tests need no terminal at all. Only one
/// grid may exist in a process, since ncurses keeps its screen in globals.
@safe package final class NcursesGrid {
  private let screen: OpaquePointer
  private let file: UnsafeMutablePointer<FILE>
  private let input: UnsafeMutablePointer<FILE>
  private let descriptor: Int32
  private let palette: NcursesPalette
  private let isUTF8: Bool
  private var size = Size(columns: 0, rows: 0)
  /// What ncurses was told last; nil for the cells that pictures own, which ncurses must never
  /// find a reason to touch.
  private var shown: [Cell?] = []
  private var isCursorShown: Bool?
  /// Whether the last update cleared the screen on its own account, pictures and all.
  private(set) var hasCleared = false

  package init(environment: TerminalEnvironment, colors: ColorDepth) throws(TerminalError) {
    let file = mien_memory_file()
    guard file >= 0, let stream = unsafe fdopen(file, "w+"),
      let input = unsafe fopen("/dev/null", "r")
    else { throw .system(operation: "a file in memory", reason: Self.reason(errno)) }
    isUTF8 = environment.isUTF8 && Self.selectLocale()

    var name = environment.term
    var count = environment.terminfoColors ?? 0
    if colors == .trueColor, count < 256,
      unsafe mien_terminfo_colors("xterm-256color") >= 256, name.hasPrefix("xterm")
    {
      (name, count) = ("xterm-256color", 256)
    }
    guard unsafe mien_terminfo_colors(name) >= 0, let screen = unsafe newterm(name, stream, input)
    else {
      unsafe fclose(stream)
      unsafe fclose(input)
      throw .unknownTerminal(term: environment.term)
    }
    unsafe self.screen = unsafe screen
    unsafe self.file = unsafe stream
    unsafe self.input = unsafe input
    descriptor = file
    palette = NcursesPalette(depth: colors)

    // Without this, ncurses stops drawing when input waits: /dev/null is always readable.
    typeahead(-1)
    // Inserting and deleting, of lines or characters, would move the pictures along.
    _ = unsafe idlok(mien_stdscr(), false)
    unsafe idcok(mien_stdscr(), false)
    _ = unsafe leaveok(mien_stdscr(), false)
    _ = unsafe scrollok(mien_stdscr(), false)
    // The terminal has been set up already. What ncurses adds for that at its first update is not
    // wanted: a scrolling region by the size in terminfo, for one.
    _ = unsafe wrefresh(mien_stdscr())
    _ = takeOutput()
    resize(to: environment.size)
  }

  deinit {
    unsafe delscreen(screen)
    unsafe fclose(file)
    unsafe fclose(input)
  }

  static func reason(_ code: Int32) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }

  /// ncurses takes from the C library which bytes make a character. A terminal in a container
  /// often has no locale at all but speaks UTF-8 like every other.
  private static func selectLocale() -> Bool {
    if unsafe setlocale(LC_CTYPE, "") != nil, isCharacterSetUTF8 { return true }
    return unsafe setlocale(LC_CTYPE, "C.UTF-8") != nil
  }

  private static var isCharacterSetUTF8: Bool {
    unsafe nl_langinfo(nl_item(CODESET)).map { unsafe String(cString: $0) } == "UTF-8"
  }

  package func resize(to size: Size) {
    resizeterm(Int32(max(1, size.rows)), Int32(max(1, size.columns)))
    invalidate()
  }

  /// Nothing is known of what the terminal shows: the next `update` clears it and draws all.
  package func invalidate() {
    shown = []
    isCursorShown = nil
    _ = unsafe werase(mien_stdscr())
    _ = unsafe clearok(mien_curscr(), true)
  }

  /// The bytes that make the terminal show the frame's cells. Cells of pictures that no popup
  /// covers are filled with something that ncurses does not take for a blank, once, and then left
  /// alone.
  package func update(to frame: Frame) -> [UInt8] {
    let wanted = Self.cells(of: frame)
    let isNew = size != frame.size || shown.count != wanted.count
    for index in wanted.indices where isNew || shown[index] != wanted[index] {
      let (row, column) = index.quotientAndRemainder(dividingBy: frame.size.columns)
      if let cell = wanted[index] { put(cell, column, row) } else { putReserved(column, row) }
    }
    let hasPictures = wanted.contains(nil) || shown.contains(nil)
    (size, shown) = (frame.size, wanted)

    if let cursor = frame.cursor {
      _ = unsafe wmove(mien_stdscr(), Int32(cursor.row), Int32(cursor.column))
    }
    _ = unsafe wnoutrefresh(mien_stdscr())
    doupdate()
    var output = takeOutput()
    // Where lines moved up or down ncurses scrolls a part of the screen, which idlok does not
    // forbid, and pictures would move along.
    hasCleared = hasPictures && Self.movesLines(output)
    if hasCleared {
      _ = unsafe clearok(mien_curscr(), true)
      _ = unsafe wnoutrefresh(mien_stdscr())
      doupdate()
      output = takeOutput()
    }
    var bytes = palette.rewritten(output)
    // Not by curs_set, which would take for granted what was there before a stop.
    let showsCursor = frame.cursor != nil
    if showsCursor != isCursorShown {
      bytes += Array("\u{1b}[?25\(showsCursor ? "h" : "l")".utf8)
      isCursorShown = showsCursor
    }
    return bytes
  }

  /// Whether a sequence sets a scrolling region, scrolls, or inserts or deletes lines.
  static func movesLines(_ bytes: [UInt8]) -> Bool {
    var index = bytes.startIndex
    while let escape = bytes[index...].firstIndex(of: 0x1b) {
      index = escape + 1
      guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "[") else { continue }
      index += 1
      while index < bytes.endIndex, !(0x40...0x7e).contains(bytes[index]) { index += 1 }
      if index < bytes.endIndex, "rSTLM".utf8.contains(bytes[index]) { return true }
    }
    return false
  }

  /// The frame's cells, nil where a picture is. Wide characters that are cut in half, by a picture
  /// or by what was drawn over them, are blanks: a terminal could only show them whole.
  static func cells(of frame: Frame) -> [Cell?] {
    let columns = frame.size.columns
    var cells: [Cell?] = frame.cells
    for placement in frame.placements {
      for piece in placement.rect.subtracting(frame.covered) {
        for row in piece.rows.clamped(to: 0..<frame.size.rows) {
          for column in piece.columns.clamped(to: 0..<columns) {
            cells[row * columns + column] = nil
          }
        }
      }
    }
    for index in cells.indices {
      guard let cell = cells[index] else { continue }
      if cell.text.isEmpty {
        let isRightHalf = index % columns > 0 && cells[index - 1].map { isWide($0.text) } ?? false
        if !isRightHalf { cells[index] = Cell(style: cell.style) }
      } else if cell.text.utf8.count > 2, isWide(cell.text) {
        let hasRightHalf = index % columns + 1 < columns && cells[index + 1]?.text.isEmpty ?? false
        if !hasRightHalf { cells[index] = Cell(style: cell.style) }
      }
    }
    return cells
  }

  private static func isWide(_ text: String) -> Bool {
    text.unicodeScalars.first.map { mien_character_width($0.value) == 2 } ?? false
  }

  private func putReserved(_ column: Int, _ row: Int) {
    // Not a blank by three differences: a no-break space, dim, with a pair of its own. A blank
    // would be cleared together with its neighbours, and the picture with it.
    _ = unsafe mien_set_style(
      mien_stdscr(), mien_attribute_dim, Int32(palette.hasColors ? palette.reservedPair : 0))
    put(isUTF8 ? "\u{a0}" : " ", column, row)
  }

  private func put(_ cell: Cell, _ column: Int, _ row: Int) {
    guard !cell.text.isEmpty else { return }  // the right half of the wide character before it
    var attributes: attr_t = 0
    if cell.style.isBold { attributes |= mien_attribute_bold }
    if cell.style.isDim { attributes |= mien_attribute_dim }
    if cell.style.isReversed { attributes |= mien_attribute_reverse }
    if cell.style.isUnderlined { attributes |= mien_attribute_underline }
    let pair = palette.pair(cell.style.foreground, cell.style.background)
    _ = unsafe mien_set_style(mien_stdscr(), attributes, Int32(pair))
    put(isUTF8 ? cell.text : ASCIITransliteration.text(cell.text), column, row)
  }

  private func put(_ text: String, _ column: Int, _ row: Int) {
    _ = unsafe mvwaddnstr(mien_stdscr(), Int32(row), Int32(column), text, -1)
  }

  private func takeOutput() -> [UInt8] {
    unsafe fflush(file)
    let count = Int(lseek(descriptor, 0, SEEK_END))
    guard count > 0 else { return [] }
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = max(0, unsafe pread(descriptor, buffer.baseAddress, count, 0))
    }
    ftruncate(descriptor, 0)
    lseek(descriptor, 0, SEEK_SET)
    return bytes
  }
}

/// Characters that stand for others where the terminal has ASCII only.
enum ASCIITransliteration {
  static func text(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    return switch text {
    case "─", "━", "╌", "−", "–", "—", "▔", "▁": "-"
    case "│", "┃", "║", "▏", "▕": "|"
    case "┌", "┐", "└", "┘", "├", "┤", "┬", "┴", "┼", "╭", "╮", "╰", "╯": "+"
    case "═": "="
    case "●", "◆", "■", "○": "o"
    case "▸", "▶", "›", "→", "»": ">"
    case "◂", "◀", "‹", "←", "«": "<"
    case "▲", "↑": "^"
    case "▼", "↓": "v"
    case "█", "▓", "▉", "▊", "▋": "#"
    case "▒", "▌", "▐", "▄", "▀": "="
    case "░", "·", "•", "…": "."
    case "★", "×": "*"
    case "²": "2"
    case "\u{a0}": " "
    default: "?"
    }
  }
}
