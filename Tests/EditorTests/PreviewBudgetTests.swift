import Testing

@testable import Editor

struct PreviewBudgetTests {
  @Test func theFirstGuessIsSmall() {
    let budget = PreviewBudget()
    #expect(budget.previewResolution(full: 1024) == 64)
    #expect(budget.previewResolution(full: 32) == 32)
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
      let size = budget.previewResolution(full: 1024)
      budget.record(resolution: size, seconds: cost[size] ?? 0)
    }
    #expect(budget.previewResolution(full: 1024) == 256)
    #expect(budget.previewResolution(full: 256) == 256)
  }

  @Test func shrinksOnASlowMachine() {
    var budget = PreviewBudget()
    let cost = [16: 0.008, 32: 0.020, 64: 0.090]
    for _ in 0..<8 {
      let size = budget.previewResolution(full: 512)
      budget.record(resolution: size, seconds: cost[size] ?? 1)
    }
    #expect(budget.previewResolution(full: 512) == 32)
  }

  @Test func aHiccupDoesNotStay() {
    var budget = PreviewBudget()
    for seconds in [0.01, 0.01, 0.5, 0.01] { budget.record(resolution: 128, seconds: seconds) }
    #expect(budget.previewResolution(full: 128) == 128)
  }
}
