package import NN
package import Tensors

/// A convolution with equalised learning rate, bias and leaky ReLU, optionally halving the
/// resolution behind a binomial filter (StyleGAN2 appendix B; numerics: discriminators).
package struct DiscriminatorLayer: Module {
  package let isDown: Bool
  package let clamp: Float?
  package var weight: Parameter  // [O, I, k, k]
  /// nil for the linear 1×1 layer beside a residual block.
  package var bias: Parameter?  // [O]

  package init(
    inputs: Int, outputs: Int, kernel: Int, isDown: Bool = false, hasBias: Bool = true,
    clamp: Float? = nil
  ) {
    self.isDown = isDown
    self.clamp = clamp
    weight = Parameter([outputs, inputs, kernel, kernel])
    bias = hasBias ? Parameter([outputs]) : nil
  }

  private var kernel: Int { weight.shape[2] }

  /// - Parameters:
  ///   - x: [N, I, r, r]
  ///   - gain: factor of the output (√½ in a residual block)
  /// - Returns: [N, O, r, r], or of half the side
  package func callAsFunction(_ x: Tensor, gain: Float = 1) -> Tensor {
    let scale = 1 / Float(weight.shape[1] * kernel * kernel).squareRoot()
    let y = convolved(x, weight.tensor * scale)
    guard let bias else { return y * gain }
    let activation = BiasActivation(
      slope: 0.2, gain: Float(2).squareRoot() * gain, clamp: clamp.map { $0 * gain } ?? .infinity)
    return Tensor.applying(activation, to: y, bias.tensor)
  }

  private func convolved(_ x: Tensor, _ weight: Tensor) -> Tensor {
    guard isDown else {
      return Tensor.applying(Convolution(padding: kernel / 2), to: x, weight)
    }
    if kernel == 1 {
      let halved = Tensor.applying(
        UpFIRDn(taps: UpFIRDn.binomial, down: 2, padding: (1, 1)), to: x)
      return Tensor.applying(Convolution(padding: 0), to: halved, weight)
    }
    let filtered = Tensor.applying(UpFIRDn(taps: UpFIRDn.binomial, padding: (2, 2)), to: x)
    return Tensor.applying(StridedConvolution(), to: filtered, weight)
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("weight", &weight)
    if var parameter = bias {
      defer { bias = parameter }
      try visitor("bias", &parameter)
    }
  }
}
