package import Tensors

/// y = activation(x Wᵀ · λ/√in + λ b): a fully connected layer with equalised learning rate
/// (numerics: mapping network; progressive growing of GANs, §4.1).
package struct FullyConnectedLayer: Module {
  package var weight: Parameter  // [out, in]
  package var bias: Parameter  // [out]
  package let learningRateMultiplier: Float
  package let activation: BiasActivation

  package init(
    inputs: Int, outputs: Int, learningRateMultiplier: Float = 1, activation: BiasActivation
  ) {
    weight = Parameter([outputs, inputs])
    bias = Parameter([outputs])
    self.learningRateMultiplier = learningRateMultiplier
    self.activation = activation
  }

  /// What the stored weight is multiplied with: λ / √in.
  package var weightGain: Float {
    learningRateMultiplier / Float(weight.shape[1]).squareRoot()
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
