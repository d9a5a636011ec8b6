import Glibc
package import Tensors

/// Adam (Kingma and Ba 2015, algorithm 1) over a list of tensors, as PyTorch computes it: ε is
/// added to the square root of the bias-corrected second moment.
package struct Adam: Sendable {
  /// Running means of a tensor's gradient and of its square.
  package struct Moments: Sendable {
    package var first: Tensor
    package var second: Tensor

    package init(first: Tensor, second: Tensor) {
      self.first = first
      self.second = second
    }
  }

  package let beta1: Float
  package let beta2: Float
  package let epsilon: Float
  /// Updates made so far.
  package private(set) var updates: Int
  package private(set) var moments: [Moments]

  /// - Parameter shapes: of the tensors to optimise, in the order `update` gets them
  package init(
    shapes: [Shape], beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8
  ) {
    self.init(
      moments: shapes.map { Moments(first: Tensor(zeros: $0), second: Tensor(zeros: $0)) },
      updates: 0, beta1: beta1, beta2: beta2, epsilon: epsilon)
  }

  /// An optimiser as it was after some updates.
  package init(
    moments: [Moments], updates: Int, beta1: Float = 0.9, beta2: Float = 0.999,
    epsilon: Float = 1e-8
  ) {
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.updates = updates
    self.moments = moments
  }

  /// Moves every value against its gradient.
  package mutating func update(
    _ values: inout [Tensor], gradients: [Tensor], learningRate: Float
  ) {
    precondition(
      values.count == moments.count && gradients.count == moments.count,
      "\(values.count) values and \(gradients.count) gradients for \(moments.count) moments")
    updates += 1
    let step = Double(updates)
    let firstBias = 1 - Glibc.pow(Double(beta1), step)
    let secondRoot = Float((1 - Glibc.pow(Double(beta2), step)).squareRoot())
    let rate = Float(Double(learningRate) / firstBias)
    for index in values.indices {
      update(&values[index], &moments[index], gradients[index], rate, secondRoot)
    }
  }

  private func update(
    _ value: inout Tensor, _ moments: inout Moments, _ gradient: Tensor, _ rate: Float,
    _ secondRoot: Float
  ) {
    precondition(
      value.shape == gradient.shape && value.shape == moments.first.shape,
      "gradient \(gradient.shape) for \(value.shape)")
    let (beta1, beta2, epsilon) = (beta1, beta2, epsilon)
    unsafe gradient.withUnsafeBuffer { g in
      unsafe moments.first.withUnsafeMutableBuffer { m in
        unsafe moments.second.withUnsafeMutableBuffer { v in
          unsafe value.withUnsafeMutableBuffer { x in
            for i in g.indices {
              unsafe m[i] = m[i] * beta1 + g[i] * (1 - beta1)
              unsafe v[i] = v[i] * beta2 + g[i] * g[i] * (1 - beta2)
              unsafe x[i] -= rate * m[i] / (v[i].squareRoot() / secondRoot + epsilon)
            }
          }
        }
      }
    }
  }
}
