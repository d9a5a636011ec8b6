import TUI
import TerminalIO
import Testing

@Suite struct RectSubtractingTests {
  @Test func piecesAreWhatIsLeft() {
    let whole = Rect(column: 2, row: 1, columns: 8, rows: 6)
    for column in -2..<12 {
      for row in -2..<9 {
        for extent in 0..<10 {
          let hole = Rect(column: column, row: row, columns: extent, rows: max(0, extent - 2))
          let second = Rect(column: row + 3, row: column, columns: 3, rows: 2)
          let pieces = whole.subtracting([hole, second])
          for y in -3..<12 {
            for x in -3..<14 {
              let point = Point(column: x, row: y)
              let expected =
                whole.contains(point) && !hole.contains(point) && !second.contains(point)
              #expect(pieces.count { $0.contains(point) } == (expected ? 1 : 0))
            }
          }
        }
      }
    }
  }

  @Test func nothingOverItLeavesItWhole() {
    let whole = Rect(column: 2, row: 1, columns: 8, rows: 6)
    #expect(whole.subtracting([]) == [whole])
    #expect(whole.subtracting(whole) == [])
    #expect(Rect(column: 0, row: 0, columns: 0, rows: 5).subtracting([]) == [])
  }
}
