package import NN
package import Tensors

/// From 4² activations to a score: how much the samples of a batch differ as further channels
/// (minibatch standard deviation, progressive growing of GANs §3), a convolution and two fully
/// connected layers.
package struct DiscriminatorEpilogue: Module {
  private let groupSize: Int
  private let deviationChannels: Int
  package var fromRGB: DiscriminatorLayer?
  package var conv: DiscriminatorLayer
  package var fc: FullyConnectedLayer
  package var out: FullyConnectedLayer

  package init(_ configuration: DiscriminatorConfiguration) {
    let channels = configuration.blockChannels[0]
    groupSize = configuration.groupSize
    deviationChannels = configuration.deviationChannels
    if configuration.architecture == .skip {
      fromRGB = DiscriminatorLayer(
        inputs: configuration.imageChannels, outputs: channels, kernel: 1)
    }
    conv = DiscriminatorLayer(
      inputs: channels + deviationChannels, outputs: channels, kernel: 3,
      clamp: configuration.convClamp)
    fc = FullyConnectedLayer(
      inputs: channels * 16, outputs: channels, activation: .leakyReLU)
    out = FullyConnectedLayer(
      inputs: channels, outputs: max(1, configuration.cmapDim), activation: .linear)
  }

  /// - Parameters:
  ///   - x: [N, C, 4, 4]; N a multiple of the group size where it is larger
  ///   - picture: the picture at 4²
  ///   - classMap: [N, cmapDim] for a conditional network
  /// - Returns: [N, 1]
  package func callAsFunction(_ x: Tensor, picture: Tensor, classMap: Tensor?) -> Tensor {
    let samples = x.shape[0]
    let seen = fromRGB.map { x + $0(picture) } ?? x
    let y = conv(withDeviation(seen))
    let scores = out(fc(y.reshaped([samples, y.count / samples])))
    guard let classMap else { return scores }
    let projected = Tensor.applying(TrailingSum(from: 1), to: scores * classMap)
    return projected.reshaped([samples, 1]) * (1 / Float(classMap.shape[1]).squareRoot())
  }

  private func withDeviation(_ x: Tensor) -> Tensor {
    let (samples, channels, height, width) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
    let group = min(groupSize, samples)
    precondition(samples % group == 0, "\(samples) samples in groups of \(group)")
    let (groups, features) = (samples / group, deviationChannels)
    let grouped = x.reshaped([group, groups * features, channels / features * height * width])
    let one: Shape = [1, grouped.shape[1], grouped.shape[2]]
    let mean = grouped.summed(to: one) * (1 / Float(group))
    let variance = (grouped - mean).squared.summed(to: one) * (1 / Float(group))
    let deviation = variance.power(0.5, epsilon: 1e-8)
      .summed(to: [1, grouped.shape[1], 1]) * (1 / Float(grouped.shape[2]))
    let spread = Tensor.applying(
      Broadcast(to: [group, groups * features, height * width]), to: deviation)
    return Tensor.applying(
      Concatenation(), to: x, spread.reshaped([samples, features, height, width]))
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    if var layer = fromRGB {
      defer { fromRGB = layer }
      try visitor("fromrgb", &layer)
    }
    try visitor("conv", &conv)
    try visitor("fc", &fc)
    try visitor("out", &out)
  }
}
