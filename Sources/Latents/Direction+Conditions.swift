extension Direction {
  /// The part of this direction that leaves the conditions alone: n − Σ βₖ cₖ with C Cᵀ β = C n, at
  /// length 1 in the unit of this direction's slider (Shen et al. 2020, "Interpreting the Latent
  /// Space of GANs for Semantic Face Editing", section 3.2).
  /// - Parameter conditions: one-row directions of this one's space and width.
  /// - Returns: nil where the conditions leave nothing of it, or depend on each other.
  /// - Precondition: all have one row and one width.
  package func orthogonal(to conditions: [Direction]) -> Direction? {
    precondition(vectorRows == 1 && conditions.allSatisfy { $0.vectorRows == 1 }, "one row each")
    precondition(conditions.allSatisfy { $0.width == width }, "directions of different widths")
    // Gram–Schmidt twice over is as exact as the Gram system and notices dependent conditions.
    var basis: [[Double]] = []
    for condition in conditions {
      guard let next = Direction.remainder(of: condition.unit.map(Double.init), basis) else {
        return nil
      }
      basis.append(next)
    }
    guard let rest = Direction.remainder(of: unit.map(Double.init), basis) else { return nil }
    return Direction(
      name: name, kind: kind, rows: rows, space: space,
      vector: rest.map { Float($0 * Double(scale)) }, editing: editing, center: center,
      origin: origin)
  }

  /// What an orthonormal basis leaves of a vector of length 1, at length 1; nil where that is
  /// nothing but rounding.
  private static func remainder(of vector: [Double], _ basis: [[Double]]) -> [Double]? {
    var rest = vector
    for _ in 0..<2 {
      for axis in basis {
        let share = zip(rest, axis).reduce(0) { $0 + $1.0 * $1.1 }
        for i in rest.indices { rest[i] -= share * axis[i] }
      }
    }
    let length = rest.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 1e-5 ? rest.map { $0 / length } : nil
  }
}
