package import Tensors

/// y = activation(x Wᵀ · g λ/√in + λ b): a fully connected layer with equalised learning rate
/// (numerics: mapping network; progressive growing of GANs, §4.1).
package struct FullyConnectedLayer: Module {
  package var weight: Parameter  // [out, in]
  package var bias: Parameter  // [out]
  package let learningRateMultiplier: Float
  package let activation: BiasActivation
  /// g, which StyleGAN1 has at √2 where its successors have the gain behind the activation.
  package let gain: Float

  package init(
    inputs: Int, outputs: Int, learningRateMultiplier: Float = 1, activation: BiasActivation,
    gain: Float = 1
  ) {
    weight = Parameter([outputs, inputs])
    bias = Parameter([outputs])
    self.learningRateMultiplier = learningRateMultiplier
    self.activation = activation
    self.gain = gain
  }

  /// What the stored weight is multiplied with: g λ / √in.
  package var weightGain: Float {
    gain * learningRateMultiplier / Float(weight.shape[1]).squareRoot()
  }

  /// - Parameter x: [N, in]
  /// - Returns: [N, out]
  package func callAsFunction(_ x: Tensor) -> Tensor {
    let product = Tensor.applying(MatrixProduct(transposesSecond: true), to: x, weight.tensor)
    return Tensor.applying(
      activation, to: product * weightGain, bias.tensor * learningRateMultiplier)
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("weight", &weight)
    try visitor("bias", &bias)
  }
}
