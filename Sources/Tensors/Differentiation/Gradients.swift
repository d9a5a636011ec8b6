extension Tensor {
  /// Reverse-mode differentiation: the gradients of a scalar with respect to tensors it was
  /// computed from.
  ///
  /// - Parameters:
  ///   - y: a scalar, or with `seed` a tensor of any shape
  ///   - seed: the gradient with respect to `y` to start from; 1 for a scalar
  ///   - variables: variables, or tensors on the way from variables to `y`
  ///   - differentiable: whether the gradients are themselves to be differentiated. They then
  ///     depend on all variables, and the derivation stays in memory with them.
  /// - Returns: the gradients, each of its variable's shape; zeros where `y` does not depend on it.
  package static func gradients(
    of y: Tensor, seed: Tensor? = nil, withRespectTo variables: [Tensor],
    differentiable: Bool = false
  ) -> [Tensor] {
    precondition(seed != nil || y.count == 1, "gradient of a tensor of \(y.shape) without a seed")
    precondition(seed == nil || seed?.shape == y.shape, "a seed of another shape than \(y.shape)")
    precondition(variables.allSatisfy { $0.isDerived }, "a gradient with respect to a constant")
    let start = seed ?? Tensor(repeating: 1, shape: y.shape)
    var sweep = BackwardSweep(of: y, to: variables, differentiable: differentiable)
    return sweep.run(from: differentiable ? start : start.constant)
  }
}

/// One pass from a result back to its variables.
private struct BackwardSweep {
  private let root: Tensor
  private let variables: [Tensor]
  private let differentiable: Bool
  /// Everything between the variables and the result, by depth.
  private var steps: [Tensor] = []
  /// Those of them that depend on a wanted variable.
  private var needed: Set<ObjectIdentifier> = []
  private var gradients: [ObjectIdentifier: Tensor] = [:]

  init(of root: Tensor, to variables: [Tensor], differentiable: Bool) {
    self.root = root
    self.variables = variables
    self.differentiable = differentiable
    collect()
  }

  private static func id(_ tensor: Tensor) -> ObjectIdentifier? {
    tensor.derivation.map { ObjectIdentifier($0) }
  }

  private mutating func collect() {
    var seen: Set<ObjectIdentifier> = []
    var pending = [root]
    while let tensor = pending.popLast() {
      guard let derivation = tensor.derivation,
        seen.insert(ObjectIdentifier(derivation)).inserted
      else { continue }
      steps.append(tensor)
      pending += derivation.inputs
    }
    steps.sort { ($0.derivation?.depth ?? 0) < ($1.derivation?.depth ?? 0) }
    needed = Set(variables.compactMap { Self.id($0) })
    for step in steps {
      guard let derivation = step.derivation, derivation.inputs.contains(where: isNeeded) else {
        continue
      }
      needed.insert(ObjectIdentifier(derivation))
    }
  }

  private func isNeeded(_ tensor: Tensor) -> Bool {
    Self.id(tensor).map { needed.contains($0) } ?? false
  }

  mutating func run(from seed: Tensor) -> [Tensor] {
    if let id = Self.id(root) { gradients[id] = seed }
    let wantedIDs = Set(variables.compactMap { Self.id($0) })
    while let step = steps.popLast() {
      guard let derivation = step.derivation else { continue }
      let id = ObjectIdentifier(derivation)
      guard needed.contains(id), let dy = gradients[id] else { continue }
      if !wantedIDs.contains(id) { gradients[id] = nil }
      propagate(dy, through: derivation, output: step)
    }
    return variables.map { variable in
      Self.id(variable).flatMap { gradients[$0] } ?? Tensor(zeros: variable.shape)
    }
  }

  private mutating func propagate(_ dy: Tensor, through derivation: Derivation, output: Tensor) {
    guard let op = derivation.op else { return }
    let wanted = derivation.inputs.map(isNeeded)
    guard wanted.contains(true) else { return }
    let parts = op.pullback(
      differentiable ? derivation.inputs : derivation.inputs.map(\.constant),
      differentiable ? output : output.constant, dy, wanted: wanted)
    precondition(parts.count == derivation.inputs.count, "\(op) has another number of gradients")
    for (index, input) in derivation.inputs.enumerated() where wanted[index] {
      guard let part = parts[index], let id = Self.id(input) else { continue }
      precondition(part.shape == input.shape, "\(op): gradient \(part.shape) for \(input.shape)")
      gradients[id] = gradients[id].map { $0 + part } ?? part
    }
  }
}
