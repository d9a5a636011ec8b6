package import Tensors

/// How one layer of one frame was computed and what it took.
package struct LayerProfile: Sendable {
  /// Such as `b64.conv1`.
  package var name: String
  /// Pixels a side of the result.
  package var resolution: Int
  /// How the convolution is carried out: `direct`, `winograd`, `cachedWinograd` or `tiles`.
  package var algorithm: String
  /// The implementation's name, oneDNN's where it is oneDNN's.
  package var implementation: String
  /// Multiply-adds of the convolution by its definition, whatever the algorithm saves.
  package var multiplyAdds: Int
  /// Bytes of the packed weights.
  package var weightBytes: Int
  package var convolution: Duration
  /// Filter, demodulation, noise, activation, style, toRGB and skip; nil where they are computed
  /// strip by strip within `convolution`.
  package var epilogue: Duration?

  init(
    _ layer: FusedLayer, started: ContinuousClock.Instant, convolved: ContinuousClock.Instant?,
    ended: ContinuousClock.Instant
  ) {
    name = layer.name
    resolution = layer.resolution
    multiplyAdds = layer.multiplyAdds
    convolution = (convolved ?? ended) - started
    epilogue = convolved.map { ended - $0 }
    switch layer.kernel {
    case .blocked(let kernel):
      algorithm = kernel.algorithm.rawValue
      implementation = kernel.implementation
      weightBytes = kernel.weightBytes
    case .tiled(let kernel):
      algorithm = "tiles"
      implementation = "mien_tiles:amx_bf16, rows \(kernel.rows)"
      weightBytes = kernel.weightBytes
    }
  }
}

extension Generator {
  /// One frame with the time of every layer that was computed: all of them where `ws` differs from
  /// the frame before in its first row. nil for a generator without a fused path.
  package func profile(
    ws: Tensor, noise: NoiseMode, upTo: Int? = nil, precision: SynthesisPrecision = .full
  ) -> [LayerProfile]? {
    guard let fused else { return nil }
    var layers: [LayerProfile] = []
    _ = fused(
      ws: ws, noise: noise, upTo: upTo ?? configuration.resolution, precision: precision,
      isCancelled: { false }
    ) { layers.append($0) }
    return layers
  }
}
