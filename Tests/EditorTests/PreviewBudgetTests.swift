import StyleGAN
import Testing

@testable import Editor

struct PreviewBudgetTests {
  /// Of a network with a picture at every resolution.
  private func sizes(_ full: Int) -> [Int] {
    Array(sequence(first: 4) { $0 < full ? $0 * 2 : nil })
  }

  /// What is chosen when so many pictures have been made, and each size takes so long.
  private func choice(
    _ cost: [Int: Double], full: Int, draftShare: Double? = nil, seconds: Double = 0.026,
    pace: Double = 0
  ) -> Rung {
    var budget = PreviewBudget(seconds: seconds)
    budget.pace = pace
    var rung = Rung(0)
    for _ in 0..<16 {
      rung = budget.rung(among: sizes(full), hasDrafts: draftShare != nil)
      let share = rung.precision == .draft ? draftShare ?? 1 : 1
      budget.record(rung, seconds: (cost[rung.resolution] ?? 9) * share)
    }
    return rung
  }

  @Test func theFirstGuessIsSmall() {
    var budget = PreviewBudget()
    #expect(budget.rung(among: sizes(1024)) == Rung(64))
    #expect(budget.rung(among: sizes(32)) == Rung(32))
    #expect(budget.estimate(Rung(64)) == nil)
  }

  @Test func theFirstTimeOfAKindDoesNotCount() {
    var budget = PreviewBudget()
    budget.record(Rung(64), seconds: 2)
    #expect(budget.estimate(Rung(64)) == nil)
    budget.record(Rung(64), seconds: 0.004)
    #expect(budget.estimate(Rung(64)) == 0.004)
    budget.record(Rung(64, .draft), seconds: 2)
    #expect(budget.estimate(Rung(64, .draft)) == 0.004 * 0.4, "guessed from the full one")
  }

  @Test func growsToWhatFits() {
    let cost = [64: 0.004, 128: 0.009, 256: 0.024, 512: 0.090, 1024: 0.4]
    #expect(choice(cost, full: 1024) == Rung(256))
    #expect(choice(cost, full: 256) == Rung(256))
  }

  @Test func aDraftOfTheNextSizeIsBetter() {
    let cost = [64: 0.004, 128: 0.009, 256: 0.024, 512: 0.060, 1024: 0.4]
    #expect(choice(cost, full: 1024, draftShare: 0.4) == Rung(512, .draft))
    #expect(choice(cost, full: 1024, draftShare: 0.7) == Rung(256))
  }

  /// A face of 64² says too little: a dozen larger ones a second say more.
  @Test func sharpnessBeforeSmoothness() {
    let cost = [32: 0.010, 64: 0.022, 128: 0.055, 256: 0.150]
    #expect(choice(cost, full: 256) == Rung(128))
    #expect(choice(cost, full: 64) == Rung(64))
  }

  @Test func shrinksOnASlowMachine() {
    #expect(choice([16: 0.008, 32: 0.020, 64: 0.120, 128: 0.3], full: 512) == Rung(32))
    #expect(choice([16: 0.5, 32: 1, 64: 3, 128: 9], full: 512) == Rung(16))
  }

  /// What the screen is slow to show leaves time for a better picture.
  @Test func aSlowScreenLeavesTime() {
    let cost = [64: 0.004, 128: 0.009, 256: 0.024, 512: 0.060, 1024: 0.4]
    #expect(choice(cost, full: 1024, pace: 0.2) == Rung(512))
    #expect(choice(cost, full: 1024, pace: 0.01) == Rung(256))
  }

  @Test func aHiccupDoesNotStay() {
    var budget = PreviewBudget()
    for seconds in [0.01, 0.01, 0.5, 0.01] { budget.record(Rung(128), seconds: seconds) }
    #expect(budget.rung(among: sizes(128)) == Rung(128))
    budget.record(Rung(128), seconds: 0.5)
    budget.record(Rung(128), seconds: 0.5)
    #expect(budget.rung(among: sizes(128)) != Rung(128), "two are none")
    budget.rest()
    #expect(budget.rung(among: sizes(128)) == Rung(128), "it may have passed")
  }

  /// A size that is just at the limit is not left and taken up again all the time.
  @Test func noFlickeringAtTheLimit() {
    var budget = PreviewBudget()
    for _ in 0..<2 { budget.record(Rung(128), seconds: 0.025) }
    for step in 0..<20 {
      #expect(budget.rung(among: sizes(128)) == Rung(128))
      budget.record(Rung(128), seconds: step % 2 == 0 ? 0.025 : 0.029)
    }
    for _ in 0..<3 { budget.record(Rung(128), seconds: 0.040) }
    for _ in 0..<5 { budget.record(Rung(64), seconds: 0.009) }
    #expect(budget.estimate(Rung(128)) == 0.040)
  }

  /// Fine rows cost only the tail.
  @Test func timesAreKeptByWhatIsComputed() {
    var budget = PreviewBudget()
    for _ in 0..<4 {
      budget.record(Rung(512), from: 4, seconds: 0.090)
      budget.record(Rung(256), from: 4, seconds: 0.020)
    }
    #expect(budget.rung(among: sizes(512), from: 4) == Rung(256))
    #expect(budget.estimate(Rung(512), from: 256) == 0.050, "guessed from the size below")
    for _ in 0..<4 { budget.record(Rung(512), from: 256, seconds: 0.012) }
    #expect(budget.rung(among: sizes(512), from: 256) == Rung(512))
    #expect(budget.rung(among: sizes(512), from: 4) == Rung(256))
    #expect(budget.estimate(Rung(512), from: 512) == 0.012, "less work takes no more")
  }

  /// Most architectures have no smaller picture on the way.
  @Test func onlyWhatTheNetworkHas() {
    var budget = PreviewBudget()
    #expect(budget.rung(among: [1024]) == Rung(1024))
    #expect(budget.rung(among: [8]) == Rung(8))
    for _ in 0..<3 { budget.record(Rung(1024), seconds: 3) }
    #expect(budget.rung(among: [1024]) == Rung(1024))
    #expect(budget.rung(among: [4, 8, 16]) == Rung(16))
  }
}
