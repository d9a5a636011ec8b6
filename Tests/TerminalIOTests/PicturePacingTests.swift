import TerminalIO
import Testing

@Suite struct PicturePacingTests {
  @Test func oneAtATime() {
    var pacing = PicturePacing()
    #expect(pacing.mayPaint(at: 0))
    pacing.sent(at: 0)
    #expect(!pacing.mayPaint(at: 0.01))
    #expect(pacing.deadline == 1)
    pacing.ready(at: 0.02)
    #expect(pacing.mayPaint(at: 0.02))
    #expect(pacing.lastDuration == 0.02)
    #expect(pacing.deadline == nil)
  }

  @Test func silenceEndsTheWaitingAndStartsAnEvenPace() {
    var pacing = PicturePacing()
    pacing.sent(at: 0)
    #expect(!pacing.mayPaint(at: 0.99))
    #expect(pacing.mayPaint(at: 1))
    pacing.sent(at: 1)
    #expect(!pacing.mayPaint(at: 1.03))
    #expect(pacing.mayPaint(at: 1.034))
  }

  @Test func lateAnswersAreTrustedAgain() {
    var pacing = PicturePacing()
    pacing.sent(at: 0)
    #expect(pacing.mayPaint(at: 1))
    pacing.sent(at: 1)
    pacing.ready(at: 1.01)
    #expect(pacing.mayPaint(at: 1.01), "nothing to wait for")
    pacing.sent(at: 1.6)
    #expect(!pacing.mayPaint(at: 1.7))
    #expect(pacing.deadline == 2.6)
  }

  /// Pictures of so many seconds each, from the first byte to the answer; the quality after each.
  private func qualities(
    _ pacing: inout PicturePacing, _ seconds: [Double], isDraft: Bool = true
  ) -> [DraftQuality] {
    var now = 0.0
    return seconds.map { duration in
      pacing.begins(at: now, isDraft: isDraft)
      pacing.sent(at: now + duration / 2)
      now += duration
      pacing.ready(at: now)
      return pacing.quality
    }
  }

  @Test func slowLinksGetLess() {
    var pacing = PicturePacing()
    #expect(
      qualities(&pacing, [0.02, 0.15, 0.02, 0.15, 0.15, 0.15, 0.15])
        == [.full, .full, .full, .full, .fewColors, .fewColors, .coarse])
    #expect(pacing.lastDuration.map { abs($0 - 0.15) < 1e-9 } == true)
    // It stays at the least there is.
    #expect(qualities(&pacing, [0.5, 0.5]) == [.coarse, .coarse])
  }

  @Test func verySlowOnesAtOnce() {
    var pacing = PicturePacing()
    #expect(qualities(&pacing, [0.9, 0.9]) == [.fewColors, .coarse])
  }

  /// A picture at rest is large, and says nothing about those that move.
  @Test func picturesAtRestDoNotCount() {
    var pacing = PicturePacing()
    #expect(qualities(&pacing, [0.9, 0.9], isDraft: false) == [.full, .full])
  }

  @Test func quickAgainForAWhile() {
    var pacing = PicturePacing()
    _ = qualities(&pacing, [0.9])
    // A second of quick ones, without a break, makes it better.
    #expect(qualities(&pacing, Array(repeating: 0.04, count: 24)).last == .fewColors)
    #expect(qualities(&pacing, Array(repeating: 0.04, count: 30)).last == .full)
    _ = qualities(&pacing, [0.9])
    #expect(
      qualities(&pacing, (0..<60).map { $0 % 10 == 0 ? 0.08 : 0.04 }).last == .fewColors,
      "the better quality would be too slow")
  }

  /// A far terminal is not a slow one: smaller pictures would come no sooner.
  @Test func distanceDoesNotCount() {
    var pacing = PicturePacing(roundTrip: 0.3)
    #expect(qualities(&pacing, [0.35, 0.35, 0.35]) == [.full, .full, .full])
    #expect(qualities(&pacing, [0.5, 0.5]).last == .fewColors)
  }
}
