import TUI
import Testing

struct FrameDrawingTests {
  @Test func textIsCutAtTheEdgesAndAtTheClip() {
    var frame = Frame(size: Size(columns: 6, rows: 2))
    #expect(frame.put("abcdefgh", column: -1, row: 0) == 7)
    frame.put("xyz", column: 1, row: 1, clip: Rect(column: 0, row: 0, columns: 3, rows: 2))
    frame.put("outside", column: 0, row: 2)
    frame.put("outside", column: 0, row: -1)
    #expect(frame.description == "bcdefg\n xy\n")
  }

  @Test func wideCharactersTakeTwoCells() {
    var frame = Frame(size: Size(columns: 6, rows: 1))
    #expect(frame.put("漢字x", column: 0, row: 0) == 5)
    #expect(frame[0, 0].text == "漢")
    #expect(frame[1, 0].text == "")
    #expect(frame[4, 0].text == "x")
    // Half of one does not stay when the other half is overwritten.
    frame.put("a", column: 1, row: 0)
    frame.put("b", column: 2, row: 0)
    #expect(frame.description == " ab x\n")
  }

  @Test func aWideCharacterThatDoesNotFitIsLeftOut() {
    var frame = Frame(size: Size(columns: 3, rows: 1))
    frame.put("a漢字", column: 0, row: 0)
    #expect(frame.description == "a漢\n")
    frame.put("🙂", column: 2, row: 0)
    #expect(frame.description == "a漢\n")
  }

  @Test func combiningMarksStayWithTheirLetter() {
    var frame = Frame(size: Size(columns: 4, rows: 1))
    frame.put("w\u{0304}x", column: 0, row: 0)
    #expect(frame[0, 0].text == "w\u{0304}")
    #expect(frame[1, 0].text == "x")
  }

  @Test func controlCharactersAreNotObeyed() {
    var frame = Frame(size: Size(columns: 8, rows: 1))
    frame.put("a\u{1B}[2Jb", column: 0, row: 0)
    #expect(frame.description == "a�[2Jb\n")
  }

  @Test func boxesAndPopups() {
    var frame = Frame(size: Size(columns: 12, rows: 5))
    frame.fill(frame.bounds, with: ".")
    frame.box(Rect(column: 0, row: 0, columns: 4, rows: 3))
    let inside = frame.popup(
      Rect(column: 4, row: 1, columns: 8, rows: 3), title: "hi", theme: .monochrome)
    frame.put("x", column: inside.origin.column, row: inside.origin.row)
    #expect(
      frame.description == """
        ┌──┐........
        │..│╭─ hi ─╮
        └──┘│ x    │
        ....╰──────╯
        ............

        """)
    #expect(frame.covered.isEmpty)
  }

  @Test func aPopupCoversAPicture() {
    var frame = Frame(size: Size(columns: 12, rows: 4))
    frame.placements = [
      ImagePlacement(
        rect: Rect(column: 0, row: 0, columns: 8, rows: 3), image: 3, generation: 7)
    ]
    frame.popup(Rect(column: 6, row: 1, columns: 6, rows: 3), title: "", theme: .colored)
    frame.cursor = Point(column: 2, row: 3)
    #expect(
      frame.description == """
        ▒▒▒▒▒▒▒▒
        ▒▒▒▒▒▒╭────╮
        ▒▒▒▒▒▒│    │
              ╰────╯
        [image 3, generation 7: 8×3 at 0,0]
        [cursor at 2,3]

        """)
    #expect(frame.covered == [Rect(column: 6, row: 1, columns: 6, rows: 3)])
  }

  @Test func restylingKeepsTheText() {
    var frame = Frame(size: Size(columns: 3, rows: 1))
    frame.put("abc", column: 0, row: 0)
    frame.restyle(Rect(column: 1, row: 0, columns: 9, rows: 9)) { $0.isBold = true }
    #expect(frame.description == "abc\n")
    #expect(frame.cells.map(\.style.isBold) == [false, true, true])
  }
}
