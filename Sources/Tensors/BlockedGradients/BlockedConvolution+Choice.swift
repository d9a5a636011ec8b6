extension BlockedConvolution {
  /// The convolution of this kind that is fastest for the shape: Winograd where its fewer
  /// multiplications outweigh its transforms and its larger weights, direct elsewhere.
  ///
  /// - Parameters:
  ///   - weight: [O, I, 3, 3]
  ///   - side: of the input
  package static func fastest(
    _ kind: Kind, weight: Tensor, side: Int, block: Int
  ) -> BlockedConvolution {
    let isWide = min(weight.shape[0], weight.shape[1]) >= 32
    let preferences: [Algorithm] =
      switch kind {
      case .transposed: side >= 64 && isWide ? [.cachedWinograd, .direct] : [.direct]
      case .plain where side >= 128: [.cachedWinograd, .winograd, .direct]
      case .plain: side >= 16 && isWide ? [.winograd, .direct] : [.direct]
      }
    for algorithm in preferences {
      if let convolution = BlockedConvolution(
        kind: kind, algorithm: algorithm, weight: weight, height: side, width: side, block: block)
      {
        return convolution
      }
    }
    preconditionFailure("oneDNN has no convolution for \(weight.shape) at \(side)²")
  }
}
