@testable import TUI
import Testing

struct LineChartTests {
  private func text(_ chart: LineChart, _ columns: Int, _ rows: Int) -> [String] {
    var frame = Frame(size: Size(columns: columns, rows: rows))
    chart.draw(into: &frame, frame.bounds, theme: .colored) { "\(Int($0))" }
    return frame.description.split(separator: "\n").map(String.init)
  }

  @Test func aFallingLine() {
    let chart = LineChart([.init([8, 4, 2, 1, 0], style: .plain)], count: 5)
    #expect(
      text(chart, 12, 3) == [
        "8 ┤⠑⡄",
        "  │ ⠈⠢⣀",
        "0 ┤    ⠉⠒⠢⠤⣀",
      ])
  }

  @Test func roomIsLeftForWhatIsToCome() {
    let chart = LineChart([.init([3, 2], style: .plain)], count: 10)
    let lines = text(chart, 24, 2)
    #expect(lines.allSatisfy { $0.count < 10 })
  }

  @Test func linesFollowOneAnother() {
    let chart = LineChart(
      [.init([4, 2], style: .plain), .init([2, 1], from: 2, style: .plain)], count: 4)
    var columns: Set<Int> = []
    for line in chart.lines {
      columns.formUnion(
        chart.dots(of: line, columns: 40, rows: 8, low: 1, high: 4).map(\.column))
    }
    #expect(columns.count == 40, "no gap between them")
  }

  @Test func oddNumbersAreNoHarm() {
    for values in [[], [1], [.nan], [.infinity, 1, 2], [2, 2, 2]] as [[Float]] {
      let chart = LineChart([.init(values, style: .plain)], count: 3)
      for size in [(0, 0), (1, 1), (3, 1), (20, 4)] { _ = text(chart, size.0, size.1) }
    }
    #expect(LineChart([], count: 0).range == nil)
  }
}
