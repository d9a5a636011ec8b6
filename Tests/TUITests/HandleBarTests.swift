import TUI
import Testing

struct HandleBarTests {
  private let bar = HandleBar(count: 14, handles: [4, 8], isSecond: [false, true, false])

  private func drawn(_ bar: HandleBar, scale: Int) -> String {
    var frame = Frame(size: Size(columns: bar.width(scale: scale), rows: 1))
    bar.draw(into: &frame, column: 0, row: 0, scale: scale, theme: .colored)
    return frame.description
  }

  @Test func pictures() {
    #expect(drawn(bar, scale: 1) == "━━━━┃████┃━━━━━━\n")
    #expect(drawn(bar, scale: 2) == "━━━━━━━━┃████████┃━━━━━━━━━━━━\n")
    let ends = HandleBar(count: 3, handles: [0, 3], isSecond: [true, false, true])
    #expect(drawn(ends, scale: 1) == "┃━━━┃\n")
  }

  @Test func placesMatchThePicture() {
    for scale in 1...3 {
      let text = Array(drawn(bar, scale: scale))
      for column in 0..<bar.width(scale: scale) {
        switch bar.place(atColumn: column, scale: scale) {
        case .handle: #expect(text[column] == "┃")
        case .segment(1): #expect(text[column] == "█")
        case .segment: #expect(text[column] == "━")
        case nil: Issue.record("no place at \(column)")
        }
      }
      #expect(bar.place(atColumn: -1, scale: scale) == nil)
      #expect(bar.place(atColumn: bar.width(scale: scale), scale: scale) == nil)
    }
  }

  @Test func draggingAHandleToAColumnPutsItThere() {
    for scale in 1...3 {
      for row in 0...14 {
        var moved = bar
        moved.handles = [row, max(row, 8)]
        let column = moved.column(ofHandle: 0, scale: scale)
        #expect(bar.border(atColumn: column, handle: 0, scale: scale) == row)
      }
    }
    #expect(bar.border(atColumn: -50, handle: 0, scale: 2) == 0)
    #expect(bar.border(atColumn: 500, handle: 1, scale: 2) == 14)
  }

  @Test func scalesToWhatFits() {
    #expect(bar.scale(available: 16) == 1)
    #expect(bar.scale(available: 30) == 2)
    #expect(bar.scale(available: 3) == 1)
    #expect(bar.scale(available: 300) == 3)
  }
}
