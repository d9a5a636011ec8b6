import NN
import Tensors
import Testing

@testable import StyleGAN

struct NoiseCircleTests {
  private func loaded(_ map: Tensor) -> Parameter {
    var parameter = Parameter(map.shape, role: .buffer)
    parameter.tensor = map
    return parameter
  }

  @Test func beginsAndEndsWithTheStoredMap() {
    let stored = Tensor([1, -2, 0.5, 3], shape: [2, 2])
    let inputs = { (share: Double) in
      NoiseInputs(.turning(NoiseCircle(seed: 5), share: share), resolutions: [2])
    }
    let parameter = loaded(stored)
    #expect(inputs(0).map(layer: 0, stored: parameter)?.values == stored.values)
    #expect(inputs(1).map(layer: 0, stored: parameter)?.values == stored.values)
    let drawn = NoiseInputs(.random(seed: 5), resolutions: [2]).map(layer: 0, stored: parameter)
    let quarter = inputs(0.25).map(layer: 0, stored: parameter)
    for (a, b) in zip(drawn?.values ?? [], quarter?.values ?? []) { #expect(abs(a - b) < 1e-6) }
    let opposite = inputs(0.5).map(layer: 0, stored: parameter)
    for (a, b) in zip(stored.values, opposite?.values ?? []) { #expect(abs(a + b) < 1e-6) }
  }

  @Test func stepsAreEven() {
    let stored = Tensor(NumPyRandomState.normal(seed: 1, count: 4096), shape: [64, 64])
    let circle = NoiseCircle(seed: 2)
    let maps = (0...12).map { step in
      NoiseInputs(.turning(circle, share: Double(step) / 12), resolutions: [64])
        .map(layer: 0, stored: loaded(stored))?.values ?? []
    }
    let steps = zip(maps, maps.dropFirst()).map { a, b in
      zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    #expect((steps.max() ?? 0) < 1.1 * (steps.min() ?? 0))
  }
}

extension NumPyRandomState {
  fileprivate static func normal(seed: UInt32, count: Int) -> [Float] {
    var state = NumPyRandomState(seed: seed)
    return state.standardNormal(count)
  }
}
