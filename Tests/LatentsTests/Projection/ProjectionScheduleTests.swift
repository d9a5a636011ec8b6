import Testing

@testable import Latents

@Suite struct ProjectionScheduleTests {
  private func settings(_ steps: Int, stopsWhenLevel: Bool = true) -> ProjectionSettings {
    var settings = ProjectionSettings.fast(steps: steps)
    settings.search = .adam
    settings.stopsWhenLevel = stopsWhenLevel
    return settings
  }

  /// Runs it on distances that are made step by step.
  private func run(
    _ settings: ProjectionSettings, measuredFrom first: Int = 0, _ distance: (Int) -> Float
  ) -> ProjectionSchedule {
    var schedule = ProjectionSchedule(settings, measuredFrom: first)
    var distances: [Float] = []
    while distances.count < schedule.end {
      distances.append(distance(distances.count))
      schedule.look(at: distances)
    }
    return schedule
  }

  @Test func keepsToThePlanWhileTheDistanceFalls() {
    let settings = settings(100)
    let schedule = run(settings) { 1 / Float($0 + 1) }
    #expect(schedule.end == 100 && !schedule.isShortened)
    #expect(schedule.fall == 50)
    for step in 0..<100 {
      #expect(schedule.learningRate(atStep: step) == settings.learningRate(atStep: step))
    }
  }

  /// Falls for 60 steps and then no more: the rate falls soon after, and it ends soon after that.
  @Test func fallsEarlyWhereTheDistanceIsLevel() {
    let settings = settings(1000)
    let schedule = run(settings) { max(1, 4 - Float($0) / 20) }
    #expect(schedule.isShortened)
    #expect(schedule.fall > 60 && schedule.fall < 90)
    #expect(schedule.end > schedule.fall && schedule.end <= schedule.fall + 30)
    let rates = (schedule.fall..<schedule.end).map { schedule.learningRate(atStep: $0) }
    #expect(rates == rates.sorted(by: >))
    #expect(rates[0] == Float(settings.learningRate))
  }

  /// What a falling rate still brings is waited for.
  @Test func waitsForWhatAFallBrings() {
    var schedule: ProjectionSchedule?
    schedule = run(settings(1000)) { step in
      step < 90 ? max(1, 4 - Float(step) / 20) : 1 / Float(step - 80)
    }
    #expect(schedule.map { $0.end == $0.fall + 30 } == true)
  }

  @Test func endsAFallThatBringsNothing() {
    // Falls evenly until the planned fall, and hardly after it.
    let schedule = run(settings(100)) { $0 < 50 ? 4 - Float($0) / 20 : 1.5 - Float($0) / 10000 }
    #expect(schedule.end > 75 && schedule.end < 95)
  }

  @Test func distancesOfEarlyPreviewsAreNoMeasure() {
    // Larger behind the previews: no reason to stop.
    let schedule = run(settings(100), measuredFrom: 30) { step in
      step < 30 ? 0.1 : 10 / Float(step - 28)
    }
    #expect(schedule.end == 100)
  }

  /// A search has no rate that could fall.
  @Test func aSearchEndsWhereItIsLevel() {
    let schedule = run(ProjectionSettings.fast(steps: 500)) { max(1, 4 - Float($0) / 20) }
    #expect(schedule.end > 60 && schedule.end < 90)
    let falling = run(ProjectionSettings.fast(steps: 100)) { 1 / Float($0 + 1) }
    #expect(falling.end == 100)
  }

  @Test func neverUnlessAsked() {
    let schedule = run(settings(200, stopsWhenLevel: false)) { _ in 1 }
    #expect(schedule.end == 200)
  }
}
