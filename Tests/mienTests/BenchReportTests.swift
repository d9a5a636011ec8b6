import Checkpoints
import Testing

@testable import mien

struct BenchReportTests {
  private func figures(_ text: String) throws -> BenchFigures {
    try BenchFigures(JSONValue(parsing: text))
  }

  @Test func figuresHavePaths() throws {
    let report = try figures(
      #"{"f32": {"min": 0.5}, "name": "x", "list": [{"name": "a.b", "n": 2}, {"n": 3}], "t": true}"#)
    #expect(report["f32.min"] == 0.5)
    #expect(report["list.a.b.n"] == 2 && report["list.1.n"] == 3)
    #expect(report.values.count == 3)
  }

  @Test func aRatioAboveOneIsLessNow() throws {
    let (now, earlier) = (
      try figures(#"{"a": 0.05, "b": 3, "c": 1}"#), try figures(#"{"a": 0.1, "b": 2000}"#)
    )
    #expect(
      now.compared(with: earlier) == """
        figure  earlier  now        earlier / now
        a       0.100    50.000e-3  2.00 ×
        b       2000     3.000      666.67 ×

        """)
  }

  @Test func timings() {
    let timing = Timing([0.003, 0.001, 0.002])
    #expect(timing.minimum == 0.001 && timing.median == 0.002)
    #expect(timing.words == "min 1.00 ms  median 2.00 ms")
    #expect(milliseconds(0.0123) == "12.3 ms" && milliseconds(12) == "12000 ms")
    #expect(fixed(-0.004, 2) == "0.00" && fixed(.nan, 1) == "–")
  }
}
