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
}
