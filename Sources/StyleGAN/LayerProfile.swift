package import Tensors

/// How one layer of one frame was computed and what it took.
package struct LayerProfile: Sendable {
  /// Such as `b64.conv1`.
  package var name: String
  /// Pixels a side of the result.
  package var resolution: Int
  package var algorithm: BlockedConvolution.Algorithm
  /// oneDNN's name of the implementation.
  package var implementation: String
  /// Multiply-adds of the convolution by its definition, whatever the algorithm saves.
  package var multiplyAdds: Int
  /// Bytes of the packed weights.
  package var weightBytes: Int
  package var convolution: Duration
  /// Filter, demodulation, noise, activation, style, toRGB and skip.
  package var epilogue: Duration
}

extension Generator {
  /// One frame with the time of every layer; nil for a generator without a fused path.
  package func profile(ws: Tensor, noise: NoiseMode, upTo: Int? = nil) -> [LayerProfile]? {
    guard let fused else { return nil }
    var layers: [LayerProfile] = []
    _ = fused(
      ws: ws, noise: noise, upTo: upTo ?? configuration.resolution, isCancelled: { false }
    ) { timing in
      layers.append(
        LayerProfile(
          name: timing.layer.name, resolution: timing.layer.resolution,
          algorithm: timing.layer.convolution.algorithm,
          implementation: timing.layer.convolution.implementation,
          multiplyAdds: timing.layer.multiplyAdds,
          weightBytes: timing.layer.convolution.weightBytes, convolution: timing.convolution,
          epilogue: timing.epilogue))
    }
    return layers
  }
}
