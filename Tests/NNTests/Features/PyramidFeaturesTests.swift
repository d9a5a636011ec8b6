import NN
import Tensors
import TestFixtures
import Testing

@Suite struct PyramidFeaturesTests {
  private let features = PyramidFeatures()

  private func distance(_ a: Tensor, _ b: Tensor) -> Float {
    features.distance(features(a), features(b)).scalar
  }

  @Test func growsWithTheDifference() {
    var random = RandomTensors(seed: 1)
    let a = random.tensor([1, 3, 32, 32])
    let change = random.tensor([1, 3, 32, 32])
    #expect(distance(a, a) == 0)
    let near = distance(a, a + change * 0.1)
    let far = distance(a, a + change * 0.4)
    #expect(near > 0 && far > near)
  }

  /// An edge in another place costs more than the same edge with less contrast.
  @Test func structureCountsMoreThanContrast() {
    func edge(at place: Int, height: Float) -> Tensor {
      Tensor(
        (0..<(3 * 32 * 32)).map { $0 % 32 < place ? -height : height }, shape: [1, 3, 32, 32])
    }
    let structure = PyramidFeatures(bandWeight: 0)
    func distance(_ a: Tensor, _ b: Tensor) -> Float {
      structure.distance(structure(a), structure(b)).scalar
    }
    let reference = edge(at: 12, height: 0.8)
    #expect(
      distance(reference, edge(at: 12, height: 0.6)) < distance(reference, edge(at: 18, height: 0.8)))
  }

  @Test func hasAGradient() {
    var random = RandomTensors(seed: 2)
    let a = random.tensor([1, 3, 16, 16])
    let b = random.tensor([1, 3, 16, 16])
    let direction = random.tensor([1, 3, 16, 16])
    let x = a.variable
    let gradient = Tensor.gradients(
      of: features.distance(features(x), features(b)), withRespectTo: [x])[0]
    let slope = (gradient * direction).sum.scalar
    let h: Float = 5e-3
    let difference = (distance(a + direction * h, b) - distance(a + direction * -h, b)) / (2 * h)
    #expect(abs(slope - difference) < 1e-2 * abs(slope))
  }

  @Test func oddSidesEndThePyramid() {
    #expect(features(Tensor(zeros: [1, 3, 17, 17])).count == 2)
    #expect(features(Tensor(zeros: [1, 3, 32, 32])).count == 6)
  }
}
