/// clamp(gain · lrelu(x + bias)): inputs x [N, C, …] and bias [C]. `slope` 1 makes it linear.
package struct BiasActivation: Op {
  package static let name = "bias-activation"
  /// Factor of negative values.
  package var slope: Float
  package var gain: Float
  /// Results are kept within ±clamp; infinity for no limit.
  package var clamp: Float

  package init(slope: Float, gain: Float, clamp: Float = .infinity) {
    self.slope = slope
    self.gain = gain
    self.clamp = clamp
  }

  package static let linear = BiasActivation(slope: 1, gain: 1)
  /// Leaky ReLU 0.2 with the gain √2 that keeps the variance (StyleGAN2).
  package static let leakyReLU = BiasActivation(slope: 0.2, gain: Float(2).squareRoot())
  package static let reLU = BiasActivation(slope: 0, gain: 1)

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let shape = inputs[0].shape
    precondition(
      shape.rank >= 2 && inputs[1].shape == [shape[1]],
      "bias \(inputs[1].shape) for \(shape)")
    let inner = shape.dimensions.dropFirst(2).reduce(1, *)
    return unsafe Tensor(shape: shape) { y in
      unsafe inputs[0].withUnsafeBuffer { x in
        unsafe inputs[1].withUnsafeBuffer { bias in
          for plane in 0..<(shape[0] * shape[1]) {
            let b = unsafe bias[plane % shape[1]]
            for i in (plane * inner)..<((plane + 1) * inner) {
              let v = unsafe x[i] + b
              let activated = v * (v > 0 ? gain : gain * slope)
              unsafe y[i] = min(max(activated, -clamp), clamp)
            }
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let isIdentity = slope == 1 && gain == 1 && clamp == .infinity
    let dx = isIdentity ? dy : Tensor.applying(ActivationGradient(self), to: dy, output)
    let shape = dy.shape
    let perChannel = Shape(
      (0..<shape.rank).map { $0 == 1 ? shape[1] : 1 })
    return [
      wanted[0] ? dx : nil,
      wanted[1] ? dx.summed(to: perChannel).reshaped([shape[1]]) : nil,
    ]
  }
}

/// dy times the derivative of a bias-activation, which its output y tells: gain where y > 0,
/// gain · slope below, 0 at the clamp. Inputs dy and y.
///
/// The derivative of the derivative is 0 wherever there is one.
package struct ActivationGradient: Op {
  package static let name = "activation gradient"
  package var activation: BiasActivation

  package init(_ activation: BiasActivation) { self.activation = activation }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    precondition(inputs[0].shape == inputs[1].shape, "activation gradient of other shapes")
    let (gain, clamp) = (activation.gain, activation.clamp)
    let negative = gain * activation.slope
    return unsafe Tensor(shape: inputs[0].shape) { dx in
      unsafe inputs[0].withUnsafeBuffer { dy in
        unsafe inputs[1].withUnsafeBuffer { y in
          for i in dx.indices {
            let v = unsafe y[i]
            let factor = abs(v) < clamp ? (v > 0 ? gain : negative) : 0
            unsafe dx[i] = dy[i] * factor
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [wanted[0] ? Tensor.applying(self, to: dy, inputs[1]) : nil, nil]
  }
}
