import Testing

@testable import mien

@Suite struct ProjectionLineTests {
  @Test func saysHowFarAndHowLong() {
    #expect(
      ProjectionLine.text(
        done: 50, first: 0, total: 100, distance: 0.31214, best: 0.3, elapsed: .seconds(95))
        == "project  50/100 ━━━━━━━━━━━━────────────  distance 0.3121, best 0.3000, 1:35 left")
  }

  /// The steps of an earlier run took no time of this one.
  @Test func countsTheTimeOfItsOwnSteps() {
    let line = ProjectionLine.text(
      done: 60, first: 50, total: 100, distance: 1, best: 1, elapsed: .seconds(10))
    #expect(line.hasSuffix("0:40 left"))
  }

  @Test(arguments: [(Float(0), "0.0000"), (12.34567, "12.3457"), (-0.5, "-0.5000")])
  func fourDecimals(value: Float, text: String) {
    #expect(ProjectionLine.short(value) == text)
  }
}
