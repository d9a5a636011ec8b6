// How expressions over tensors are written. One spelling for each operation.
extension Tensor {
  package static func + (a: Tensor, b: Tensor) -> Tensor { applying(Elementwise(.sum), to: a, b) }

  package static func * (a: Tensor, b: Tensor) -> Tensor {
    applying(Elementwise(.product), to: a, b)
  }

  package static func * (a: Tensor, factor: Float) -> Tensor {
    applying(Pointwise(.scale(factor)), to: a)
  }

  package static func - (a: Tensor, b: Tensor) -> Tensor { a + b * -1 }

  package static func + (a: Tensor, term: Float) -> Tensor {
    applying(Pointwise(.offset(term)), to: a)
  }

  package var squared: Tensor { Tensor.applying(Pointwise(.square), to: self) }

  /// 1 / √(x + epsilon)
  package func inverseSquareRoot(epsilon: Float) -> Tensor {
    power(-0.5, epsilon: epsilon)
  }

  /// (x + epsilon) to the power `exponent`
  package func power(_ exponent: Float, epsilon: Float = 0) -> Tensor {
    Tensor.applying(Pointwise(.power(exponent, epsilon: epsilon)), to: self)
  }

  /// Sums along every axis at which `shape`, of the same rank, has 1.
  package func summed(to shape: Shape) -> Tensor {
    self.shape == shape ? self : Tensor.applying(SumReduction(to: shape), to: self)
  }

  /// The sum of all elements, a scalar.
  package var sum: Tensor { Tensor.applying(TrailingSum(from: 0), to: self) }

  /// The mean of all elements, a scalar.
  package var mean: Tensor { sum * (1 / Float(count)) }

  /// The only element of a tensor of one.
  package var scalar: Float {
    precondition(count == 1, "a tensor of \(shape) is no scalar")
    return unsafe withUnsafeBuffer { unsafe $0[0] }
  }
}
