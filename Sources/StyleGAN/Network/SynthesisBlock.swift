package import NN
package import Tensors

/// The layers of one resolution: conv0 (doubling; not at 4²), conv1, toRGB, and in residual
/// generators the 1×1 skip (StyleGAN2 §4.1, figure 7).
package struct SynthesisBlock: Module {
  package let resolution: Int
  package let architecture: GeneratorConfiguration.Architecture
  /// The learned constant input of the 4² block, [C, 4, 4].
  package var constant: Parameter?
  package var conv0: SynthesisLayer?
  package var conv1: SynthesisLayer
  package var toRGB: ToRGBLayer?
  package var skip: Parameter?  // [O, I, 1, 1]

  package init(index: Int, configuration: GeneratorConfiguration) {
    let outputs = configuration.blockChannels[index]
    resolution = 4 << index
    architecture = configuration.architecture
    if index == 0 {
      constant = Parameter([outputs, 4, 4])
    } else {
      let inputs = configuration.blockChannels[index - 1]
      conv0 = SynthesisLayer(
        inputs: inputs, outputs: outputs, resolution: resolution, isUp: true,
        configuration: configuration)
      if architecture == .resnet { skip = Parameter([outputs, inputs, 1, 1]) }
    }
    conv1 = SynthesisLayer(
      inputs: outputs, outputs: outputs, resolution: resolution, isUp: false,
      configuration: configuration)
    if architecture == .skip || resolution == configuration.resolution {
      toRGB = ToRGBLayer(inputs: outputs, configuration: configuration)
    }
  }

  /// Row of ws that conv0 reads: 2 log2 r − 5.
  package var conv0Row: Int { 2 * resolution.trailingZeroBitCount - 5 }
  /// Row of ws that conv1 reads.
  package var conv1Row: Int { 2 * resolution.trailingZeroBitCount - 4 }
  /// Row of ws that toRGB reads, which the next block's conv0 reads too.
  package var toRGBRow: Int { 2 * resolution.trailingZeroBitCount - 3 }

  /// - Parameters:
  ///   - x: the block below's activations; ignored at 4²
  ///   - ws: [N, num_ws, w_dim]
  ///   - noise: the noise map of a layer, [1, 1, r, r], or nil
  /// - Returns: activations [N, C, r, r]
  package func callAsFunction(
    _ x: Tensor?, ws: Tensor, noise: (SynthesisLayer, Int) -> Tensor?
  ) -> Tensor {
    func row(_ index: Int) -> Tensor { Tensor.applying(Selection(index), to: ws) }
    guard let conv0, let x else {
      guard let constant else { preconditionFailure("a block without input") }
      let shape = constant.shape
      let samples = Tensor.applying(
        Broadcast(to: [ws.shape[0], shape[0], shape[1], shape[2]]),
        to: constant.tensor.reshaped([1, shape[0], shape[1], shape[2]]))
      return conv1(samples, w: row(conv1Row), noise: noise(conv1, conv1Row))
    }
    let half = Float(0.5).squareRoot()
    let middle = conv0(x, w: row(conv0Row), noise: noise(conv0, conv0Row))
    guard let skip else {
      return conv1(middle, w: row(conv1Row), noise: noise(conv1, conv1Row))
    }
    let gain = half / Float(x.shape[1]).squareRoot()
    let bypass = Tensor.applying(
      UpFIRDn.upsample2d,
      to: Tensor.applying(Convolution(padding: 0), to: x, skip.tensor * gain))
    return conv1(middle, w: row(conv1Row), noise: noise(conv1, conv1Row), gain: half) + bypass
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    if var parameter = constant {
      defer { constant = parameter }
      try visitor("const", &parameter)
    }
    if var layer = conv0 {
      defer { conv0 = layer }
      try visitor("conv0", &layer)
    }
    try visitor("conv1", &conv1)
    if var layer = toRGB {
      defer { toRGB = layer }
      try visitor("torgb", &layer)
    }
    if var bypass = SkipWeight(skip) {
      defer { skip = bypass.weight }
      try visitor("skip", &bypass)
    }
  }
}

/// The 1×1 convolution beside a residual block, which has nothing but a weight.
private struct SkipWeight: Module {
  var weight: Parameter

  init?(_ weight: Parameter?) {
    guard let weight else { return nil }
    self.weight = weight
  }

  mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("weight", &weight)
  }
}
