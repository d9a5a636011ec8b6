import Tensors
import TestFixtures
import Testing

@Suite struct ThreadShareTests {
  @Test func holdsWithinTheCallAlone() {
    let before = ThreadShare.count
    #expect(before >= 1)
    #expect(ThreadShare.limited(to: 1) { ThreadShare.count } == 1)
    #expect(ThreadShare.limited(to: 3) { ThreadShare.limited(to: 0) { ThreadShare.count } } == 1)
    #expect(ThreadShare.count == before)
  }

  @Test func changesNoResult() {
    var random = RandomTensors(seed: 1)
    let x = random.tensor([1, 40, 33, 33])
    let weight = random.tensor([24, 40, 3, 3])
    func convolved() -> [Float] {
      Tensor.applying(Convolution(padding: 1), to: x, weight).values
    }
    let all = convolved()
    #expect(ThreadShare.limited(to: 1, convolved) == all)
  }
}
