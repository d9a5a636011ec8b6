import Testing

@testable import Editor

struct PreviewBudgetTests {
  /// Of a network with a picture at every resolution.
  private func sizes(_ full: Int) -> [Int] {
    Array(sequence(first: 4) { $0 < full ? $0 * 2 : nil })
  }

  @Test func theFirstGuessIsSmall() {
    let budget = PreviewBudget()
    #expect(budget.previewResolution(among: sizes(1024)) == 64)
    #expect(budget.previewResolution(among: sizes(32)) == 32)
    #expect(budget.estimate(resolution: 64) == nil)
  }

  @Test func theFirstTimeOfASizeDoesNotCount() {
    var budget = PreviewBudget()
    budget.record(resolution: 64, seconds: 2)
    #expect(budget.estimate(resolution: 64) == nil)
    budget.record(resolution: 64, seconds: 0.004)
    #expect(budget.estimate(resolution: 64) == 0.004)
  }

  @Test func growsToWhatFits() {
    var budget = PreviewBudget()
    let cost = [64: 0.004, 128: 0.010, 256: 0.028, 512: 0.090, 1024: 0.4]
    for _ in 0..<10 {
      let size = budget.previewResolution(among: sizes(1024))
      budget.record(resolution: size, seconds: cost[size] ?? 0)
    }
    #expect(budget.previewResolution(among: sizes(1024)) == 256)
    #expect(budget.previewResolution(among: sizes(256)) == 256)
  }

  @Test func shrinksOnASlowMachine() {
    var budget = PreviewBudget()
    let cost = [16: 0.008, 32: 0.020, 64: 0.090]
    for _ in 0..<8 {
      let size = budget.previewResolution(among: sizes(512))
      budget.record(resolution: size, seconds: cost[size] ?? 1)
    }
    #expect(budget.previewResolution(among: sizes(512)) == 32)
  }

  @Test func aHiccupDoesNotStay() {
    var budget = PreviewBudget()
    for seconds in [0.01, 0.01, 0.5, 0.01] { budget.record(resolution: 128, seconds: seconds) }
    #expect(budget.previewResolution(among: sizes(128)) == 128)
  }

  /// Most architectures have no smaller picture on the way.
  @Test func onlyWhatTheNetworkHas() {
    var budget = PreviewBudget()
    #expect(budget.previewResolution(among: [1024]) == 1024)
    #expect(budget.previewResolution(among: [8]) == 8)
    for _ in 0..<3 { budget.record(resolution: 1024, seconds: 3) }
    #expect(budget.previewResolution(among: [1024]) == 1024)
    #expect(budget.previewResolution(among: [4, 8, 16]) == 16)
  }
}
