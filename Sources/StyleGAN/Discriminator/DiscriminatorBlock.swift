package import NN
package import Tensors

/// The layers of one resolution of a discriminator (StyleGAN2 paper, figure 7).
package struct DiscriminatorBlock: Module {
  package let resolution: Int
  private let architecture: GeneratorConfiguration.Architecture
  package var fromRGB: DiscriminatorLayer?
  package var conv0: DiscriminatorLayer
  package var conv1: DiscriminatorLayer
  package var skip: DiscriminatorLayer?

  package init(resolution: Int, _ configuration: DiscriminatorConfiguration) {
    let level = configuration.level(resolution)
    let channels = configuration.blockChannels[level]
    let below = configuration.blockChannels[level - 1]
    let clamp = configuration.convClamp
    self.resolution = resolution
    architecture = configuration.architecture
    if resolution == configuration.resolution || architecture == .skip {
      fromRGB = DiscriminatorLayer(
        inputs: configuration.imageChannels, outputs: channels, kernel: 1, clamp: clamp)
    }
    conv0 = DiscriminatorLayer(inputs: channels, outputs: channels, kernel: 3, clamp: clamp)
    conv1 = DiscriminatorLayer(
      inputs: channels, outputs: below, kernel: 3, isDown: true, clamp: clamp)
    if architecture == .resnet {
      skip = DiscriminatorLayer(
        inputs: channels, outputs: below, kernel: 1, isDown: true, hasBias: false)
    }
  }

  /// - Parameters:
  ///   - x: the activations of the block above, nil for the first
  ///   - picture: [N, imageChannels, r, r]
  /// - Returns: activations [N, C, r/2, r/2], and the picture halved where every block sees it
  package func callAsFunction(_ x: Tensor?, picture: Tensor) -> (x: Tensor, picture: Tensor) {
    var y = x
    var picture = picture
    if let fromRGB {
      let seen = fromRGB(picture)
      y = y.map { $0 + seen } ?? seen
      if architecture == .skip {
        picture = Tensor.applying(
          UpFIRDn(taps: UpFIRDn.binomial, down: 2, padding: (1, 1)), to: picture)
      }
    }
    guard let input = y else { preconditionFailure("a discriminator block without input") }
    guard let skip else { return (conv1(conv0(input)), picture) }
    let half = Float(0.5).squareRoot()
    return (conv1(conv0(input), gain: half) + skip(input, gain: half), picture)
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    if var layer = fromRGB {
      defer { fromRGB = layer }
      try visitor("fromrgb", &layer)
    }
    try visitor("conv0", &conv0)
    try visitor("conv1", &conv1)
    if var layer = skip {
      defer { skip = layer }
      try visitor("skip", &layer)
    }
  }
}
