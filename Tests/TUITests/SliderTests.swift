import TUI
import Testing

struct SliderTests {
  private func drawn(_ value: Float, width: Int, rest: Float = 0) -> String {
    var frame = Frame(size: Size(columns: width, rows: 1))
    Slider(value: value, in: -5...5, rest: rest).draw(
      into: &frame, frame.bounds, theme: .monochrome, isFocused: false)
    return frame.description
  }

  @Test func pictures() {
    #expect(drawn(0, width: 11) == "─────●─────\n")
    #expect(drawn(3, width: 11) == "─────┼━━●──\n")
    #expect(drawn(-5, width: 11) == "●━━━━┼─────\n")
    #expect(drawn(99, width: 11) == "─────┼━━━━●\n")
    #expect(drawn(.nan, width: 3) == "●┼─\n")
    #expect(drawn(1, width: 1) == "●\n")
    #expect(drawn(0, width: 11, rest: 5) == "─────●━━━━┼\n")
  }

  @Test func clicksAndKnobsAgree() {
    let slider = Slider(value: 0, in: -5...5, rest: 0)
    for width in [2, 7, 11, 21, 40] {
      for column in 0..<width {
        let moved = Slider(
          value: slider.value(atColumn: column, width: width), in: -5...5, rest: 0)
        #expect(moved.knob(width: width) == column)
      }
    }
    #expect(slider.value(atColumn: 10, width: 21) == 0)
    #expect(slider.value(atColumn: -9, width: 21) == -5)
    #expect(slider.value(atColumn: 99, width: 21) == 5)
    #expect(slider.value(atColumn: 0, width: 1) == 0)
  }
}
