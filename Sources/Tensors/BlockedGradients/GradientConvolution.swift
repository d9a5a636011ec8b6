/// A 3×3 convolution of one shape on blocked float32 activations, weights packed once, by whatever
/// is fastest here: Winograd, or by definition. The fast twin of `Convolution(padding: 1)`,
/// `TransposedConvolution` and `StridedConvolution`.
package final class GradientConvolution {
  package enum Kind: Sendable, CaseIterable { case plain, transposed, strided }

  private enum Way {
    case blocked(BlockedConvolution)
    case strided(StridedBlockedConvolution)
  }

  private let way: Way
  /// Floats of working memory `run` needs.
  package let scratchCount: Int

  /// - Parameters:
  ///   - weight: [O, I, 3, 3]
  ///   - side: of the input
  package init(_ kind: Kind, weight: Tensor, side: Int, block: Int) {
    switch kind {
    case .strided:
      way = .strided(StridedBlockedConvolution(weight: weight, side: side, block: block))
      scratchCount = 1
    case .plain, .transposed:
      let convolution = Self.blocked(
        kind == .plain ? .plain : .transposed, weight: weight, side: side, block: block)
      way = .blocked(convolution)
      scratchCount = convolution.scratchCount
    }
  }

  /// Winograd where its fewer multiplications outweigh its transforms and its larger weights,
  /// direct elsewhere.
  private static func blocked(
    _ kind: BlockedConvolution.Kind, weight: Tensor, side: Int, block: Int
  ) -> BlockedConvolution {
    let isWide = min(weight.shape[0], weight.shape[1]) >= 32
    let preferences: [BlockedConvolution.Algorithm] =
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

  /// destination = convolution of source, both blocked and not the same; `scratch` holds at least
  /// `scratchCount` floats. One run at a time.
  package func run(_ source: Storage, to destination: Storage, scratch: Storage) {
    precondition(scratch.count >= scratchCount, "too little working memory")
    switch way {
    case .blocked(let convolution): convolution.run(source, to: destination, scratch: scratch)
    case .strided(let convolution): convolution.run(source, to: destination)
    }
  }
}
