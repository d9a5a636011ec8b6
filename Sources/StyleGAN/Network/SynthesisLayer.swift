package import NN
package import Tensors

/// A modulated 3×3 convolution with demodulation, noise, bias and leaky ReLU
/// (StyleGAN2 §2.2, equations 1–3), optionally doubling the resolution.
///
/// The style is moved out of the weights, y = d · conv(W, s · x), which gives the same numbers and
/// leaves W constant.
package struct SynthesisLayer: Module {
  package let resolution: Int
  package let isUp: Bool
  package let clamp: Float?
  package var weight: Parameter  // [O, I, 3, 3]
  package var bias: Parameter  // [O]
  package var noiseStrength: Parameter  // []
  package var noiseConst: Parameter  // [resolution, resolution]
  package var affine: FullyConnectedLayer  // w → style [I]

  package init(
    inputs: Int, outputs: Int, resolution: Int, isUp: Bool, configuration: GeneratorConfiguration
  ) {
    self.resolution = resolution
    self.isUp = isUp
    clamp = configuration.convClamp
    weight = Parameter([outputs, inputs, 3, 3])
    bias = Parameter([outputs])
    noiseStrength = Parameter([])
    noiseConst = Parameter([resolution, resolution], role: .buffer)
    affine = FullyConnectedLayer(
      inputs: configuration.wDim, outputs: inputs, activation: .linear)
  }

  package var inputs: Int { weight.shape[1] }
  package var outputs: Int { weight.shape[0] }

  /// Leaky ReLU 0.2 with gain √2 · `gain`, clamped to ±convClamp · `gain`.
  package func activation(gain: Float = 1) -> BiasActivation {
    BiasActivation(
      slope: 0.2, gain: Float(2).squareRoot() * gain, clamp: clamp.map { $0 * gain } ?? .infinity)
  }

  /// - Parameters:
  ///   - x: [N, I, h, h]
  ///   - w: this layer's row of ws, [N, w_dim]
  ///   - noise: [1 or N, 1, resolution, resolution], nil for none
  ///   - gain: factor of the output (√½ on the main branch of a residual block)
  /// - Returns: [N, O, resolution, resolution]
  package func callAsFunction(_ x: Tensor, w: Tensor, noise: Tensor?, gain: Float = 1) -> Tensor {
    let samples = x.shape[0]
    let style = affine(w)  // [N, I]
    let energy = Tensor.applying(TrailingSum(from: 2), to: weight.tensor.squared)  // [O, I]
    let demodulation = Tensor.applying(
      MatrixProduct(transposesSecond: true), to: style.squared, energy
    ).inverseSquareRoot(epsilon: 1e-8)  // [N, O]

    let modulated = x * style.reshaped([samples, inputs, 1, 1])
    var y =
      isUp
      ? Tensor.applying(
        UpFIRDn.afterTransposedConvolution,
        to: Tensor.applying(TransposedConvolution(), to: modulated, weight.tensor))
      : Tensor.applying(Convolution(padding: 1), to: modulated, weight.tensor)
    y = y * demodulation.reshaped([samples, outputs, 1, 1])
    if let noise { y = y + noise * noiseStrength.tensor.reshaped([1, 1, 1, 1]) }
    return Tensor.applying(activation(gain: gain), to: y, bias.tensor)
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("weight", &weight)
    try visitor("bias", &bias)
    try visitor("noise_strength", &noiseStrength)
    try visitor("noise_const", &noiseConst)
    try visitor("affine", &affine)
  }
}
