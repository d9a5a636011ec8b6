import TUI
import Testing

struct RectLayoutTests {
  @Test func takingPartsLeavesTheRest() {
    var rect = Rect(column: 1, row: 2, columns: 10, rows: 6)
    let takeTop = rect.takeTop(2)
    #expect(takeTop == Rect(column: 1, row: 2, columns: 10, rows: 2))
    let takeBottom = rect.takeBottom(1)
    #expect(takeBottom == Rect(column: 1, row: 7, columns: 10, rows: 1))
    let takeLeft = rect.takeLeft(3)
    #expect(takeLeft == Rect(column: 1, row: 4, columns: 3, rows: 3))
    let takeRight = rect.takeRight(4)
    #expect(takeRight == Rect(column: 7, row: 4, columns: 4, rows: 3))
    #expect(rect == Rect(column: 4, row: 4, columns: 3, rows: 3))
    let everything = rect.takeLeft(99)
    #expect(everything.size.columns == 3)
    #expect(rect.isEmpty)
    let nothing = rect.takeTop(-1)
    #expect(nothing.isEmpty)
  }

  @Test func clippingAndCentring() {
    let screen = Rect(column: 0, row: 0, columns: 80, rows: 24)
    #expect(
      screen.centered(columns: 20, rows: 4) == Rect(column: 30, row: 10, columns: 20, rows: 4))
    #expect(screen.centered(columns: 200, rows: 40) == screen)
    #expect(
      Rect(column: 70, row: 20, columns: 20, rows: 20).clipped(to: screen)
        == Rect(column: 70, row: 20, columns: 10, rows: 4))
    #expect(Rect(column: 90, row: 0, columns: 5, rows: 5).clipped(to: screen).isEmpty)
    #expect(Rect(column: 0, row: 0, columns: 1, rows: 1).inset(columns: 3, rows: 3).isEmpty)
  }
}
