import Imaging
import TUI
import TerminalIO
import Testing

/// One at a time: ncurses has one screen for a process.
@Suite(.serialized) struct NcursesScreenTests {
  static let cell = TerminalTraits.PixelSize(width: 4, height: 6)

  private func makeScreen(
    _ size: Size, replies: [TerminalReply] = [.attributes([62, 4])],
    variables: [String: String] = [:],
    choice: GraphicsChoice = .auto
  ) throws -> NcursesScreen {
    let defaults = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor"]
    let environment = TerminalEnvironment(
      variables: defaults.merging(variables) { $1 }, size: size, terminfoColors: 256)
    let cell = TerminalReply.cellSize(width: Self.cell.width, height: Self.cell.height)
    return try NcursesScreen(
      environment: environment,
      capabilities: Capabilities(
        environment: environment, replies: [cell] + replies, choice: choice))
  }

  private func put(
    _ text: String, _ column: Int, _ row: Int, in frame: inout Frame, style: CellStyle = .plain
  ) {
    var column = column
    for character in text {
      let isWide = character.unicodeScalars.first!.value >= 0x2e80
      guard column + (isWide ? 2 : 1) <= frame.size.columns else { return }
      frame[column, row] = Cell(String(character), style: style)
      if isWide { frame[column + 1, row] = Cell("", style: style) }
      column += isWide ? 2 : 1
    }
  }

  private func expectShown(_ frame: Frame, by model: ScreenModel, _ comment: Comment) {
    #expect(model.objections.isEmpty, comment)
    for row in 0..<frame.size.rows {
      for column in 0..<frame.size.columns {
        let point = Point(column: column, row: row)
        let isPicture =
          frame.placements.contains { $0.rect.contains(point) }
          && !frame.covered.contains { $0.contains(point) }
        var expected: Character? =
          isPicture ? ScreenModel.picture : frame[column, row].text.first
        // Halves of wide characters are blanks.
        func isWide(_ column: Int) -> Bool {
          frame[column, row].text.utf8.count == 3 && "漢字".contains(frame[column, row].text)
        }
        func isHidden(_ column: Int) -> Bool { model.cells[row][column] == ScreenModel.picture }
        if !isPicture, expected == nil, column == 0 || !isWide(column - 1) || isHidden(column - 1) {
          expected = " "
        }
        if !isPicture, isWide(column),
          column + 1 == frame.size.columns || frame[column + 1, row].text != ""
            || isHidden(column + 1)
        {
          expected = " "
        }
        if model.cells[row][column] != expected {
          Issue.record(
            "\(comment): \(point) shows \(String(describing: model.cells[row][column])) instead of \(String(describing: expected))"
          )
          return
        }
      }
    }
  }

  private let picture = TestPictures.ball(16, 16)

  @Test func showsTextAndPictureAndThenOnlyWhatChanges() throws {
    let size = Size(columns: 40, rows: 12)
    let screen = try makeScreen(size)
    var model = ScreenModel(size: size, cell: Self.cell)
    var frame = Frame(size: size)
    put("┌ mien ─ studio ┐", 0, 0, in: &frame)
    put("漢字 é", 30, 3, in: &frame)
    frame.placements = [
      ImagePlacement(rect: Rect(column: 2, row: 2, columns: 10, rows: 7), image: 7, generation: 1)
    ]
    var asked: [Int] = []
    func update(_ quality: ImageQuality = .still, mayPaint: Bool = true) -> NcursesScreen.Update {
      screen.update(to: frame, quality: quality, mayPaint: mayPaint) {
        asked.append($0)
        return picture
      }
    }
    let first = update()
    model.write(first.bytes)
    expectShown(frame, by: model, "first")
    #expect(first.paintsPictures && !first.owesPictures)
    #expect(!model.isCursorShown)
    #expect(asked == [7])

    #expect(update().bytes.isEmpty, "nothing changed")

    put("x", 35, 5, in: &frame)
    let second = update()
    model.write(second.bytes)
    expectShown(frame, by: model, "one more character")
    #expect(second.bytes.count < 30)
    #expect(asked == [7])

    frame.placements[0].generation = 2
    let held = update(mayPaint: false)
    #expect(held.bytes.isEmpty && held.owesPictures && asked == [7])
    let draft = update(.draft)
    model.write(draft.bytes)
    #expect(draft.paintsPictures && model.picturesDrawn == 2)
    #expect(update(.draft).bytes.isEmpty)
    let still = update(.still)
    model.write(still.bytes)
    #expect(still.paintsPictures && model.picturesDrawn == 3, "the draft is replaced at rest")
    #expect(update(.draft).bytes.isEmpty, "and the other way round nothing is gained")
    expectShown(frame, by: model, "after all")

    frame.cursor = Point(column: 5, row: 11)
    model.write(update().bytes)
    #expect(model.isCursorShown)
    #expect((model.column, model.row) == (5, 11))
  }

  /// Lines that move beside a picture tempt ncurses to scroll that part of the screen.
  @Test func picturesStayWhereLinesMove() throws {
    let size = Size(columns: 80, rows: 24)
    let screen = try makeScreen(size)
    var model = ScreenModel(size: size, cell: Self.cell)
    func frame(_ first: Int) -> Frame {
      var frame = Frame(size: size)
      for row in 0..<8 { put("line \(row) of the advice \(row * row)", 50, first + row, in: &frame) }
      for row in 3..<14 { put("│", 0, row, in: &frame) }
      frame.placements = [
        ImagePlacement(
          rect: Rect(column: 2, row: 3, columns: 20, rows: 11), image: 7, generation: 1)
      ]
      return frame
    }
    for first in [5, 3, 8, 5] {
      let shown = frame(first)
      model.write(
        screen.update(to: shown, quality: .still, mayPaint: true) { _ in picture }.bytes)
      expectShown(shown, by: model, "lines from \(first) on")
    }
  }

  @Test func picturesReturnWhereAPopupWas() throws {
    let size = Size(columns: 40, rows: 12)
    let screen = try makeScreen(size)
    var model = ScreenModel(size: size, cell: Self.cell)
    var frame = Frame(size: size)
    frame.placements = [
      ImagePlacement(rect: Rect(column: 2, row: 1, columns: 20, rows: 9), image: 1, generation: 1)
    ]
    func show(_ comment: Comment) -> NcursesScreen.Update {
      let update = screen.update(to: frame, quality: .still, mayPaint: true) { _ in picture }
      model.write(update.bytes)
      expectShown(frame, by: model, comment)
      return update
    }
    _ = show("picture")
    let plain = frame
    for row in 3..<6 { put("popup!", 8, row, in: &frame) }
    frame.covered = [Rect(column: 8, row: 3, columns: 6, rows: 3)]
    #expect(!show("popup").paintsPictures, "text over a picture needs no picture")
    frame.placements[0].generation = 2
    #expect(show("picture changes behind the popup").paintsPictures)
    frame = plain
    frame.placements[0].generation = 2
    #expect(show("popup closed").paintsPictures)
    frame.placements = []
    #expect(!show("picture gone").paintsPictures)
  }

  @Test func lostScreensAreDrawnAgain() throws {
    let size = Size(columns: 30, rows: 10)
    let screen = try makeScreen(size)
    var frame = Frame(size: size)
    put("title", 3, 0, in: &frame)
    frame.placements = [
      ImagePlacement(rect: Rect(column: 1, row: 1, columns: 10, rows: 7), image: 1, generation: 1)
    ]
    func update() -> [UInt8] {
      screen.update(to: frame, quality: .still, mayPaint: true) { _ in picture }.bytes
    }
    _ = update()
    screen.invalidate()
    var fresh = ScreenModel(size: size, cell: Self.cell)
    fresh.write(update())
    expectShown(frame, by: fresh, "invalidated")

    let small = Size(columns: 25, rows: 9)
    screen.resize(to: small)
    frame = Frame(size: small)
    put("small", 18, 8, in: &frame)
    var resized = ScreenModel(size: small, cell: Self.cell)
    resized.write(update())
    expectShown(frame, by: resized, "resized")
  }

  @Test func pixelsThatAreNotThereYetAreOwed() throws {
    let size = Size(columns: 30, rows: 10)
    let screen = try makeScreen(size)
    var frame = Frame(size: size)
    frame.placements = [
      ImagePlacement(rect: Rect(column: 1, row: 1, columns: 5, rows: 5), image: 1, generation: 1)
    ]
    let none = screen.update(to: frame, quality: .still, mayPaint: true) { _ in nil }
    #expect(none.owesPictures && !none.paintsPictures)
    let some = screen.update(to: frame, quality: .still, mayPaint: true) { _ in picture }
    #expect(some.paintsPictures && !some.owesPictures)
  }

  /// Whatever a program shows in whatever order, the screen is as the last frame says.
  @Test(arguments: 1...4)
  func anySequenceOfFramesEndsUpOnTheScreen(_ seed: UInt64) throws {
    var state = seed &* 0x9e37_79b9_7f4a_7c15
    func random(_ limit: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(limit))
    }
    let size = Size(columns: 50, rows: 14)
    let screen = try makeScreen(size, replies: [.attributes([4]), .mode(2026, state: 2)])
    var model = ScreenModel(size: size, cell: Self.cell)
    var frame = Frame(size: size)
    var generation = 0
    let words = ["smile", "────●──", "漢字", "   ", "+1.6", "é", "a very long line of text", " "]
    for step in 0..<40 {
      switch random(7) {
      case 0: frame = Frame(size: size)
      case 1:
        generation += 1
        frame.placements = (0..<random(3)).map { index in
          ImagePlacement(
            rect: Rect(
              column: index * 25 + random(4), row: random(3), columns: 5 + random(15),
              rows: 3 + random(7)), image: index, generation: generation)
        }
      case 2:
        let box = Rect(
          column: random(30), row: random(8), columns: 3 + random(15), rows: 1 + random(5))
        frame.covered = [box]
        for row in box.rows {
          put(String(repeating: "#", count: box.size.columns), box.origin.column, row, in: &frame)
        }
      case 3: frame.covered = []
      case 4: if !frame.placements.isEmpty { frame.placements[0].generation += 1 }
      default:
        for _ in 0..<4 {
          var style = CellStyle(
            foreground: random(2) == 0 ? .standard : .rgb(UInt8(random(256)), 100, 200))
          style.isBold = random(3) == 0
          // On a line of its own, so that no wide character is cut in half.
          let row = random(size.rows)
          for column in 0..<size.columns { frame[column, row] = Cell() }
          put(words[random(words.count)], random(40), row, in: &frame, style: style)
        }
      }
      // A box cleared by a line of text is no box any more.
      let update = screen.update(to: frame, quality: .still, mayPaint: true) { _ in
        picture
      }
      model.write(update.bytes)
      expectShown(frame, by: model, "seed \(seed), step \(step)")
    }
  }

  @Test func styledTextHasItsExactColors() throws {
    let size = Size(columns: 30, rows: 6)
    let screen = try makeScreen(size)
    var frame = Frame(size: size)
    var style = CellStyle(foreground: .rgb(1, 2, 3), background: .rgb(250, 128, 7))
    style.isBold = true
    put("colour", 2, 2, in: &frame, style: style)
    let bytes = screen.update(to: frame, quality: .still, mayPaint: true) { _ in nil }.bytes
    var model = ScreenModel(size: size, cell: Self.cell)
    model.write(bytes)
    #expect(model.styles[2][2].contains("38;2;1;2;3"))
    #expect(model.styles[2][2].contains("48;2;250;128;7"))
    #expect(model.styles[2][2].contains("[0;1]") || model.styles[2][2].contains("[1]"))
  }

  @Test func noColorMeansNoColor() throws {
    let size = Size(columns: 30, rows: 6)
    let screen = try makeScreen(size, variables: ["NO_COLOR": "1"])
    var frame = Frame(size: size)
    put("text", 0, 0, in: &frame, style: CellStyle(foreground: .rgb(255, 0, 0)))
    frame.placements = [
      ImagePlacement(rect: Rect(column: 5, row: 1, columns: 5, rows: 3), image: 1, generation: 1)
    ]
    let bytes = screen.update(to: frame, quality: .still, mayPaint: true) { _ in picture }.bytes
    var model = ScreenModel(size: size, cell: Self.cell)
    model.write(bytes)
    expectShown(frame, by: model, "no colour")
    let styles = Set(model.styles.joined().flatMap { $0.split(separator: "[") })
    #expect(styles.isSubset(of: ["0;2]", "2]"]), "\(styles)")
  }

  @Test func blocksFillTheSameCells() throws {
    let size = Size(columns: 30, rows: 10)
    let screen = try makeScreen(size, choice: .blocks)
    var frame = Frame(size: size)
    frame.placements = [
      ImagePlacement(rect: Rect(column: 3, row: 1, columns: 8, rows: 4), image: 1, generation: 1)
    ]
    frame.covered = [Rect(column: 5, row: 2, columns: 3, rows: 1)]
    put("box", 5, 2, in: &frame)
    let update = screen.update(to: frame, quality: .still, mayPaint: true) { _ in picture }
    var model = ScreenModel(size: size, cell: Self.cell)
    model.write(update.bytes)
    #expect(model.objections.isEmpty)
    #expect(model.text(1) == "   ▀▀▀▀▀▀▀▀" + String(repeating: " ", count: 19))
    #expect(model.text(2) == "   ▀▀box▀▀▀" + String(repeating: " ", count: 19))
    #expect(model.picturesDrawn == 0)
  }

  @Test func unknownTerminalsAreNamed() {
    #expect(throws: TerminalError.unknownTerminal(term: "no-such-terminal")) {
      _ = try makeScreen(Size(columns: 80, rows: 24), variables: ["TERM": "no-such-terminal"])
    }
  }
}
