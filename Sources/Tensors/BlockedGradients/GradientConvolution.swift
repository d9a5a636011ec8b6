import CKernels

/// A 3×3 convolution of one shape on blocked float32 activations, weights packed once, by whatever
/// is fastest here: matrix tiles, Winograd, or by definition. The fast twin of
/// `Convolution(padding: 1)`, `TransposedConvolution` and `StridedConvolution`.
@safe package final class GradientConvolution {
  package enum Kind: Sendable, CaseIterable { case plain, transposed, strided }

  @safe private enum Way {
    case tiles(OpaquePointer)
    case blocked(BlockedConvolution)
    case strided(StridedBlockedConvolution)
  }

  private let way: Way
  /// Floats of working memory `run` needs.
  package let scratchCount: Int

  /// - Parameters:
  ///   - weight: [O, I, 3, 3]
  ///   - side: of the input
  ///   - usesTiles: false for what runs without them
  package init(_ kind: Kind, weight: Tensor, side: Int, block: Int, usesTiles: Bool = true) {
    if usesTiles, block == 16, let tiles = unsafe Self.tiles(kind, weight, side) {
      unsafe way = .tiles(tiles)
      scratchCount = unsafe mien_tile_convolution_scratch(tiles)
      return
    }
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

  private static func tiles(_ kind: Kind, _ weight: Tensor, _ side: Int) -> OpaquePointer? {
    let native =
      switch kind {
      case .plain: mien_tile_plain
      case .transposed: mien_tile_transposed
      case .strided: mien_tile_strided
      }
    return unsafe weight.withUnsafeBuffer {
      unsafe mien_tile_convolution_create(
        native, Int32(weight.shape[1]), Int32(weight.shape[0]), Int32(side), $0.baseAddress)
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

  deinit {
    if case .tiles(let tiles) = way { unsafe mien_tile_convolution_destroy(tiles) }
  }

  /// destination = convolution of source, both blocked and not the same; `scratch` holds at least
  /// `scratchCount` floats. One run at a time.
  package func run(_ source: Storage, to destination: Storage, scratch: Storage) {
    precondition(scratch.count >= scratchCount, "too little working memory")
    switch way {
    case .blocked(let convolution): convolution.run(source, to: destination, scratch: scratch)
    case .strided(let convolution): convolution.run(source, to: destination)
    case .tiles(let tiles):
      unsafe source.withUnsafePointer { source in
        unsafe destination.withUnsafeMutablePointer { destination in
          unsafe scratch.withUnsafeMutablePointer { scratch in
            unsafe mien_tile_convolution_run(tiles, source, destination, scratch)
          }
        }
      }
    }
  }
}
