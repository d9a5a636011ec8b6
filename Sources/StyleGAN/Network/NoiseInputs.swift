package import NN
package import Tensors

/// The maps that go into the noise inputs of a synthesis network, by the ws row of their layer.
package struct NoiseInputs: Sendable {
  package let mode: NoiseMode
  /// [r, r] of each layer, row 0 first; nil for maps that are stored with the network or none.
  private let given: [Tensor]?

  /// - Parameter resolutions: of the layers in order of their ws rows. Random maps are drawn from
  ///   one `RandomState(seed)` in that order, so a preview sees the same maps as the full picture.
  package init(_ mode: NoiseMode, resolutions: [Int]) {
    self.mode = mode
    given =
      switch mode {
      case .const, .none: nil
      case .random(let seed): NoiseInputs.draw(seed: seed, resolutions: resolutions)
      case .turning(let circle, _): circle.maps(resolutions: resolutions)
      }
  }

  static func draw(seed: UInt32, resolutions: [Int]) -> [Tensor] {
    var state = NumPyRandomState(seed: seed)
    return resolutions.map { Tensor(state.standardNormal($0 * $0), shape: [$0, $0]) }
  }

  /// - Parameter maps: [r, r] of each layer in order of their ws rows, such as variables to optimise
  package init(maps: [Tensor]) {
    mode = .const
    given = maps
  }

  /// The map of the layer that reads ws row `layer`, nil where there is no noise.
  package func map(layer: Int, stored: Parameter) -> Tensor? {
    guard let given else { return mode == .none ? nil : stored.tensor }
    if case .turning(_, let share) = mode {
      return NoiseCircle.blend(stored.tensor, given[layer], share: share)
    }
    return given[layer]
  }
}
