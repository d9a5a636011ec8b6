/// How a tensor came about: the operation and what it was applied to, or nothing but itself for a
/// variable. Derivations are the tape of reverse-mode differentiation; they live as long as a
/// tensor that needs them.
final class Derivation: Sendable {
  /// nil for a variable.
  let op: (any Op)?
  let inputs: [Tensor]
  /// Operations on the longest way from a variable: greater than that of every input.
  let depth: Int

  init(_ op: any Op, _ inputs: [Tensor]) {
    self.op = op
    self.inputs = inputs
    depth = 1 + inputs.reduce(0) { max($0, $1.derivation?.depth ?? 0) }
  }

  /// The derivation of a variable.
  init() {
    op = nil
    inputs = []
    depth = 0
  }
}

extension Tensor {
  /// The same elements as a variable, with respect to which gradients can be taken of everything
  /// computed from it.
  package var variable: Tensor { derived(Derivation()) }

  /// Whether gradients can flow through it: a variable, or computed from one.
  package var isDerived: Bool { derivation != nil }
}
