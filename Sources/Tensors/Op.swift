/// One differentiable operation: its attributes are the struct's fields, its inputs tensors.
///
/// Every computation on tensors goes through `applying`, and an operation knows nothing but its
/// inputs and its output. So a tape for gradients of any order can be put there, with a pullback
/// per operation written in the operations themselves: the set is closed under differentiation
/// (convolution ↔ transposed convolution, upfirdn2d ↔ upfirdn2d, product ↔ product).
package protocol Op: Sendable {
  /// As it appears in messages and benchmarks.
  static var name: String { get }

  /// The value. A wrong number of inputs or shapes that do not fit are our own mistake and trap.
  func forward(_ inputs: [Tensor]) -> Tensor

  /// Multiplications with an addition each, from the shapes of the inputs; 0 where they do not
  /// count beside memory traffic.
  func multiplyAdds(_ shapes: [Shape]) -> Int
}

extension Op {
  package func multiplyAdds(_ shapes: [Shape]) -> Int { 0 }
}

extension Tensor {
  /// The only way an operation is carried out.
  package static func applying(_ op: some Op, to inputs: Tensor...) -> Tensor {
    op.forward(inputs)
  }
}
