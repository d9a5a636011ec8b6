import TUI
import Testing

struct HintLineTests {
  private let line = HintLine([
    .init(key: "?", text: "help"), .init(key: "ctrl-x", text: "everything"),
    .init(key: "q", text: "quit"),
  ])

  @Test func dropsWhatDoesNotFit() {
    for (width, expected) in [
      (40, "? help  ctrl-x everything  q quit"), (20, "? help  q quit"), (7, "? help"), (3, ""),
    ] {
      var frame = Frame(size: Size(columns: width, rows: 1))
      line.draw(into: &frame, frame.bounds, theme: .colored)
      #expect(frame.description == expected + "\n")
    }
  }
}
