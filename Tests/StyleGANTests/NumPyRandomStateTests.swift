import StyleGAN
import Testing

/// Values printed by NumPy's RandomState (numerics: seeds).
@Suite struct NumPyRandomStateTests {
  private func randn(_ seed: UInt32, _ count: Int) -> [Double] {
    var state = NumPyRandomState(seed: seed)
    return (0..<count).map { _ in state.randn() }
  }

  @Test func seedZero() {
    let values = randn(0, 512)
    #expect(values[0] == 1.764052345967664)
    #expect(values[1] == 0.4001572083672233)
    #expect(values[2] == 0.9787379841057392)
    #expect(values[3] == 2.240893199201458)
    #expect(values[511] == 1.3749640663929898)
  }

  @Test func otherSeeds() {
    #expect(randn(1, 2) == [1.6243453636632417, -0.6117564136500754])
    #expect(randn(123, 2) == [-1.0856306033005612, 0.9973454465835858])
    #expect(randn(6600, 2) == [0.10844632788957152, 0.8586972776377608])
  }

  @Test func sumOfSeed85() {
    let values = randn(85, 512)
    #expect(values[511] == 0.8217957110292099)
    #expect(abs(values.reduce(0, +) - -18.99880092632204) < 1e-9)
  }

  @Test func thePairSurvivesBetweenCalls() {
    var state = NumPyRandomState(seed: 0)
    let first = state.standardNormal(1) + state.standardNormal(2)
    var again = NumPyRandomState(seed: 0)
    #expect(first == again.standardNormal(3))
  }
}
