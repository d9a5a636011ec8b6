package import NN
package import Tensors

/// The maps that go into the noise inputs of a synthesis network, by the ws row of their layer.
package struct NoiseInputs: Sendable {
  package let mode: NoiseMode
  /// [r, r] of each layer, row 0 first; only for `random` and `turning`.
  private let drawn: [Tensor]

  /// - Parameter resolutions: of the layers in order of their ws rows. Random maps are drawn from
  ///   one `RandomState(seed)` in that order, so a preview sees the same maps as the full picture.
  package init(_ mode: NoiseMode, resolutions: [Int]) {
    self.mode = mode
    switch mode {
    case .const, .none: drawn = []
    case .random(let seed): drawn = NoiseInputs.draw(seed: seed, resolutions: resolutions)
    case .turning(let circle, _): drawn = circle.maps(resolutions: resolutions)
    }
  }

  static func draw(seed: UInt32, resolutions: [Int]) -> [Tensor] {
    var state = NumPyRandomState(seed: seed)
    return resolutions.map { Tensor(state.standardNormal($0 * $0), shape: [$0, $0]) }
  }

  /// The map of the layer that reads ws row `layer`, nil where there is no noise.
  package func map(layer: Int, stored: Parameter) -> Tensor? {
    switch mode {
    case .const: stored.tensor
    case .random: drawn[layer]
    case .none: nil
    case .turning(_, let share): NoiseCircle.blend(stored.tensor, drawn[layer], share: share)
    }
  }
}
