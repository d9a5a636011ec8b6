import Testing

@testable import mien

struct ProgressTests {
  @Test func lines() {
    #expect(
      Progress.line("generate", done: 0, total: 36, elapsed: .zero)
        == "generate  0/36 ────────────────────────")
    #expect(
      Progress.line("generate", done: 12, total: 36, elapsed: .seconds(5))
        == "generate  12/36 ━━━━━━━━────────────────  2.4/s")
    #expect(
      Progress.line("mix", done: 500, total: 500, elapsed: .seconds(2))
        == "mix  500/500 ━━━━━━━━━━━━━━━━━━━━━━━━  250/s")
  }
}
