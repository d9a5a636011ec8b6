/// The sizes and choices that define a generator; everything else is weights.
package struct GeneratorConfiguration: Hashable, Sendable, Codable {
  package enum Family: String, Hashable, Sendable, Codable {
    case styleGAN2 = "stylegan2"
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
  /// Channels of the blocks at 4², 8², … resolution².
  package var blockChannels: [Int]
  /// Activations are clamped to ±convClamp (times the layer's gain) where set.
  package var convClamp: Float?

  package init(
    resolution: Int, zDim: Int, wDim: Int, mappingLayers: Int, blockChannels: [Int]
  ) {
    self.resolution = resolution
    self.zDim = zDim
    self.wDim = wDim
    self.mappingLayers = mappingLayers
    self.blockChannels = blockChannels
  }

  /// Rows of ws: one for every convolution and one for the last toRGB (numerics: 2·log2 R − 2).
  package var numWs: Int { 2 * blockResolutions.count }

  /// 4, 8, … resolution.
  package var blockResolutions: [Int] {
    Array(sequence(first: 4) { $0 < resolution ? $0 * 2 : nil })
  }

  /// Channels by the usual schedule min(base / r, max).
  package static func channels(resolution: Int, base: Int, max: Int) -> [Int] {
    sequence(first: 4) { $0 < resolution ? $0 * 2 : nil }.map { Swift.min(base / $0, max) }
  }
}
