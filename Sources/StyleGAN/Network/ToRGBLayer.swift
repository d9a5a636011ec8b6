package import NN
package import Tensors

/// A modulated 1×1 convolution to the picture's channels, without demodulation
/// (numerics: toRGB; the style carries the gain 1/√I).
package struct ToRGBLayer: Module {
  package let clamp: Float?
  package var weight: Parameter  // [C, I, 1, 1]
  package var bias: Parameter  // [C]
  package var affine: FullyConnectedLayer  // w → style [I]

  package init(inputs: Int, configuration: GeneratorConfiguration) {
    clamp = configuration.convClamp
    weight = Parameter([configuration.imageChannels, inputs, 1, 1])
    bias = Parameter([configuration.imageChannels])
    affine = FullyConnectedLayer(
      inputs: configuration.wDim, outputs: inputs, activation: .linear)
  }

  package var inputs: Int { weight.shape[1] }

  /// What the affine's result is multiplied with: 1/√I.
  package var styleGain: Float { 1 / Float(inputs).squareRoot() }

  /// - Parameters:
  ///   - x: [N, I, r, r]
  ///   - w: this layer's row of ws, [N, w_dim]
  /// - Returns: [N, C, r, r]
  package func callAsFunction(_ x: Tensor, w: Tensor) -> Tensor {
    let style = affine(w) * styleGain
    let y = Tensor.applying(
      Convolution(padding: 0), to: x * style.reshaped([x.shape[0], inputs, 1, 1]), weight.tensor)
    return Tensor.applying(
      BiasActivation(slope: 1, gain: 1, clamp: clamp ?? .infinity), to: y, bias.tensor)
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("weight", &weight)
    try visitor("bias", &bias)
    try visitor("affine", &affine)
  }
}
