package import Tensors

/// What the latent layer and the editor need of a generator; a real network or, in tests, a
/// procedural toy.
package protocol LatentModel: Sendable {
  var configuration: GeneratorConfiguration { get }

  /// The tracked mean of w, [w_dim].
  var wAverage: Tensor { get }

  /// z → w, untruncated, one row for every row of z.
  /// - Parameters:
  ///   - z: [N, z_dim]
  ///   - classIndices: N class numbers for a conditional network, nil (class 0) otherwise.
  /// - Returns: [N, w_dim]
  func map(z: Tensor, classIndices: [Int]?) -> Tensor

  /// ws → picture, nominal range [-1, 1], not clamped.
  /// - Parameters:
  ///   - ws: [num_ws, w_dim]
  ///   - noise: what the noise inputs get.
  ///   - upTo: stop at this resolution (a power of two from 4 to `configuration.resolution`) and
  ///     return the picture summed so far; nil for the full picture.
  ///   - isCancelled: asked between layers; the call returns nil soon after it says true.
  /// - Returns: [C, r, r]
  func synthesize(
    ws: Tensor, noise: NoiseMode, upTo: Int?, isCancelled: () -> Bool
  ) -> Tensor?

  /// Whether a draft takes less time than a picture in full precision.
  var hasDrafts: Bool { get }

  /// As above, at a precision; in full where `hasDrafts` is false.
  func synthesize(
    ws: Tensor, noise: NoiseMode, upTo: Int?, precision: SynthesisPrecision,
    isCancelled: () -> Bool
  ) -> Tensor?

  /// The affine (style) weight of every layer that reads row `row` of ws, each [channels, w_dim],
  /// convolutions only plus the last toRGB: what SeFa factorises.
  func styleWeights(row: Int) -> [Tensor]
}

extension LatentModel {
  package var hasDrafts: Bool { false }

  package func synthesize(
    ws: Tensor, noise: NoiseMode, upTo: Int?, precision: SynthesisPrecision,
    isCancelled: () -> Bool
  ) -> Tensor? {
    synthesize(ws: ws, noise: noise, upTo: upTo, isCancelled: isCancelled)
  }
}

/// What goes into the per-pixel noise inputs.
package enum NoiseMode: Hashable, Sendable {
  /// The maps stored with the network.
  case const
  /// Fresh normal maps drawn from this seed.
  case random(seed: UInt32)
  case none
  /// Maps on their way round a circle that begins with the stored ones, after a share 0…1 of it.
  case turning(NoiseCircle, share: Double)
}
