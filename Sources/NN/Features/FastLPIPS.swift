package import Tensors

/// The LPIPS distance from one target with its gradient, by whatever is fastest here: on matrix
/// tiles where there are any, else on blocked activations. Not for two threads at once.
package enum FastLPIPS {
  case blocked(BlockedLPIPS)
  case tiled(TiledLPIPS)

  /// - Parameters:
  ///   - features: loaded
  ///   - target: [1, 3, S, S], nominal range [-1, 1], S a multiple of 16
  package init(_ features: LPIPSFeatures, target: Tensor) {
    self =
      TiledLayer.isAvailable
      ? .tiled(TiledLPIPS(features, target: target))
      : .blocked(BlockedLPIPS(features, target: target))
  }

  /// - Parameter picture: of the target's shape
  /// - Returns: the LPIPS distance, and its gradient with respect to the picture
  package func callAsFunction(_ picture: Tensor) -> (distance: Float, gradient: Tensor) {
    switch self {
    case .blocked(let network): network(picture)
    case .tiled(let network): network(picture)
    }
  }
}
