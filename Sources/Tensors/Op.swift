/// One differentiable operation: its attributes are the struct's fields, its inputs tensors.
///
/// Every computation on tensors goes through `applying`, and an operation knows nothing but its
/// inputs and its output. Pullbacks are written in the operations themselves, and the set is closed
/// under differentiation (convolution ↔ transposed convolution ↔ weight gradient, upfirdn2d ↔
/// upfirdn2d, sum ↔ broadcast, product ↔ product), so a gradient is an expression like any other
/// and can be differentiated again.
package protocol Op: Sendable {
  /// As it appears in messages and benchmarks.
  static var name: String { get }

  /// The value. A wrong number of inputs or shapes that do not fit are our own mistake and trap.
  func forward(_ inputs: [Tensor]) -> Tensor

  /// The gradient with respect to each input, of a number whose gradient with respect to the
  /// output is `dy`; tensor operations only.
  ///
  /// - Parameters:
  ///   - output: what `forward` made of the inputs, for those whose derivative is said with it
  ///   - wanted: for each input whether its gradient is asked for
  /// - Returns: one for each input, nil where it is not wanted or where the output does not depend
  ///   on the input
  func pullback(_ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]) -> [Tensor?]

  /// Multiplications with an addition each, from the shapes of the inputs; 0 where they do not
  /// count beside memory traffic.
  func multiplyAdds(_ shapes: [Shape]) -> Int
}

extension Op {
  package func multiplyAdds(_ shapes: [Shape]) -> Int { 0 }
}

extension Tensor {
  /// The only way an operation is carried out. The result remembers it where an input is a
  /// variable or was derived from one.
  package static func applying(_ op: some Op, to inputs: Tensor...) -> Tensor {
    let output = op.forward(inputs)
    guard inputs.contains(where: { $0.derivation != nil }) else { return output }
    return output.derived(Derivation(op, inputs))
  }
}
