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
    #expect(pacing.lastDelay == 0.02)
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
}
