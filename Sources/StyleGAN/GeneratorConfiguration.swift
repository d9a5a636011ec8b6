/// The sizes and choices that define a generator; everything else is weights.
package struct GeneratorConfiguration: Hashable, Sendable, Codable {
  package enum Family: String, Hashable, Sendable, Codable {
    case styleGAN1 = "stylegan1"
    case styleGAN2 = "stylegan2"
    case styleGAN3 = "stylegan3"
  }
  /// How block outputs become a picture (StyleGAN2 paper, §4.1).
  package enum Architecture: String, Hashable, Sendable, Codable {
    case skip, resnet, orig
  }

  package var family: Family = .styleGAN2
  package var architecture: Architecture = .skip
  /// Pixels a side, a power of two of at least 4.
  package var resolution: Int
  package var imageChannels: Int = 3
  package var zDim: Int
  package var wDim: Int
  /// Number of classes; 0 for an unconditional network.
  package var cDim: Int = 0
  package var mappingLayers: Int
  package var mappingLearningRateMultiplier: Float = 0.01
  /// Channels of the blocks at 4², 8², … resolution²; empty for StyleGAN3.
  package var blockChannels: [Int]
  /// Activations are clamped to ±convClamp (times the layer's gain) where set.
  package var convClamp: Float?
  /// The layer schedule of a StyleGAN3 network, nil for the others.
  package var aliasFree: AliasFreeConfiguration?

  package init(
    resolution: Int, zDim: Int, wDim: Int, mappingLayers: Int, blockChannels: [Int]
  ) {
    self.resolution = resolution
    self.zDim = zDim
    self.wDim = wDim
    self.mappingLayers = mappingLayers
    self.blockChannels = blockChannels
  }

  /// Rows of ws. StyleGAN1 and 2: 2 log2 R − 2; StyleGAN3: its input, its layers and toRGB.
  package var numWs: Int {
    aliasFree.map { $0.layerCount + 2 } ?? 2 * blockResolutions.count
  }

  /// 4, 8, … resolution.
  package var blockResolutions: [Int] {
    Array(sequence(first: 4) { $0 < resolution ? $0 * 2 : nil })
  }

  /// Sizes at which a smaller picture is to be had on the way, the full one included: every block
  /// of a skip generator adds to the picture, the others make it at the end.
  package var previewResolutions: [Int] {
    family == .styleGAN2 && architecture == .skip ? blockResolutions : [resolution]
  }

  /// Whether the network has noise inputs.
  package var hasNoise: Bool { family != .styleGAN3 }

  /// The rows of ws called coarse (4² and 8²), middle (16² and 32²) and fine (64² and up), in that
  /// order; ranges are empty where a network is too small for them.
  ///
  /// StyleGAN1 has two rows a resolution. StyleGAN2 keeps the same numbers, in which a row counts
  /// to the resolution whose toRGB reads it. A StyleGAN3 layer counts to the resolution whose
  /// Nyquist frequency lies next to its cutoff.
  package var rowGroups: (coarse: Range<Int>, middle: Range<Int>, fine: Range<Int>) {
    var bounds = [4, 8]
    if let aliasFree {
      let cutoffs = aliasFree.layers(resolution: resolution, imageChannels: imageChannels)
        .map { (2 * $0.outCutoff).rounded() }
      // Between 8² and 16², and between 32² and 64², on a logarithmic scale.
      bounds = [11.4, 45.3].map { bound in 1 + (cutoffs.firstIndex { $0 > bound } ?? cutoffs.count) }
    }
    let (middle, fine) = (min(bounds[0], numWs), min(bounds[1], numWs))
    return (0..<middle, middle..<fine, fine..<numWs)
  }

  /// Channels by the usual schedule min(base / r, max).
  package static func channels(resolution: Int, base: Int, max: Int) -> [Int] {
    sequence(first: 4) { $0 < resolution ? $0 * 2 : nil }.map { Swift.min(base / $0, max) }
  }
}
