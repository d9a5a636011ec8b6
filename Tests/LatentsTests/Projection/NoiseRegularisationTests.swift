import Latents
import Tensors
import TestFixtures
import Testing

@Suite struct NoiseRegularisationTests {
  /// The definition, written out for one level.
  @Test func isTheSquareOfTheMeanProduct() {
    var random = RandomTensors(seed: 9)
    let map = random.tensor([4, 4])
    let v = map.values
    var (x, y) = (0.0, 0.0)
    for r in 0..<4 {
      for c in 0..<4 {
        x += Double(v[r * 4 + c] * v[r * 4 + (c + 3) % 4])
        y += Double(v[r * 4 + c] * v[(r + 3) % 4 * 4 + c])
      }
    }
    let expected = (x / 16) * (x / 16) + (y / 16) * (y / 16)
    #expect(abs(Double(NoiseRegularisation.loss([map]).scalar) - expected) < 1e-6)
  }

  @Test func goesDownThePyramid() {
    // Alternating in a pattern that neighbours cancel at the finest level only.
    let map = Tensor(
      (0..<256).map { ($0 / 16 / 2 + $0 % 16 / 2) % 2 == 0 ? 1 : -1 }, shape: [16, 16])
    let loss = NoiseRegularisation.loss([map]).scalar
    #expect(abs(loss - 2) < 1e-5)
  }

  @Test func normalisesMeanAndSquare() {
    var random = RandomTensors(seed: 3)
    let map = NoiseRegularisation.normalized(random.tensor([8, 8]) + 0.7)
    #expect(abs(map.mean.scalar) < 1e-6)
    #expect(abs(map.squared.mean.scalar - 1) < 1e-5)
  }
}
