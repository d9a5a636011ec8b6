/// The sizes and choices that define a StyleGAN2 discriminator; everything else is weights.
package struct DiscriminatorConfiguration: Hashable, Sendable {
  /// How blocks see the picture (StyleGAN2 paper, figure 7): residual blocks after one fromRGB, a
  /// fromRGB at every resolution, or neither.
  package var architecture: GeneratorConfiguration.Architecture = .resnet
  /// Pixels a side, a power of two of at least 8.
  package var resolution: Int
  package var imageChannels = 3
  /// Channels at 4², 8², … resolution².
  package var blockChannels: [Int]
  /// Activations are clamped to ±convClamp (times the layer's gain) where set.
  package var convClamp: Float?
  /// Number of classes; 0 for an unconditional network.
  package var cDim = 0
  /// Features of the embedded class that the output is projected on; 0 where unconditional.
  package var cmapDim = 0
  package var mappingLayers = 8
  package var mappingLearningRateMultiplier: Float = 0.01
  /// Samples whose spread is measured together; a batch of fewer is one group.
  package var groupSize = 4
  /// Channels that tell the spread.
  package var deviationChannels = 1

  package init(resolution: Int, blockChannels: [Int]) {
    self.resolution = resolution
    self.blockChannels = blockChannels
  }

  /// Index into `blockChannels`.
  func level(_ resolution: Int) -> Int { resolution.trailingZeroBitCount - 2 }

  /// resolution, … 8: the residual blocks in the order a picture passes them.
  package var blockResolutions: [Int] {
    Array(sequence(first: resolution) { $0 > 8 ? $0 / 2 : nil })
  }
}
