/// A direction in W that a slider moves along.
package struct Direction: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Measured against known labels when the model was trained, bundled with it.
    case attribute
    /// Closed-form factorisation of the style weights.
    case sefa
    /// Principal component of W.
    case pca
    /// Normal of a separating hyperplane.
    case hyperplane
    case regression
    case imported
  }

  package var name: String
  package var kind: Kind
  /// Where the slider applies unless told otherwise.
  package var rows: LayerRange
  /// [w_dim]; one unit of the slider: w += strength · vector.
  package let vector: [Float]
  /// `vector` at length 1; zero where that is zero.
  package let unit: [Float]
  /// Length of `vector`: for components, the standard deviation of W along the direction.
  package let scale: Float
  /// Share of the attribute's variance that W explains, where it was measured.
  package var r2: Double?

  /// A direction whose unit is as `vector` says.
  package init(
    name: String, kind: Kind, rows: LayerRange = .all, vector: [Float], r2: Double? = nil
  ) {
    self.name = name
    self.kind = kind
    self.rows = rows
    self.vector = vector
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    self.scale = Float(length)
    self.unit = length > 0 ? vector.map { Float(Double($0) / length) } : vector
    self.r2 = r2
  }

  /// A component by its number, counted from 1: `sefa 3`.
  /// - Parameters:
  ///   - unit: [w_dim], of length 1.
  ///   - scale: the standard deviation of W along it, one unit of the slider.
  package init(
    _ kind: Kind, number: Int, rows: LayerRange = .all, unit: [Float], scale: Float
  ) {
    self.name = "\(kind.rawValue) \(number)"
    self.kind = kind
    self.rows = rows
    self.unit = unit
    self.vector = unit.map { $0 * scale }
    self.scale = scale
    self.r2 = nil
  }
}
