// How expressions over tensors are written. One spelling for each operation.
extension Tensor {
  package static func + (a: Tensor, b: Tensor) -> Tensor { applying(Elementwise(.sum), to: a, b) }

  package static func * (a: Tensor, b: Tensor) -> Tensor {
    applying(Elementwise(.product), to: a, b)
  }

  package static func * (a: Tensor, factor: Float) -> Tensor {
    applying(Pointwise(.scale(factor)), to: a)
  }

  package var squared: Tensor { Tensor.applying(Pointwise(.square), to: self) }

  /// 1 / √(x + epsilon)
  package func inverseSquareRoot(epsilon: Float) -> Tensor {
    Tensor.applying(Pointwise(.inverseSquareRoot(epsilon: epsilon)), to: self)
  }
}
