/// A direction in a latent space that a slider moves along.
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

  /// Which codes the vector is added to.
  package enum Space: String, Hashable, Sendable, CaseIterable {
    /// z, before the mapping network.
    case z
    /// w, the same vector on every row.
    case w
    /// ws, a vector of its own for each row.
    case wPlus = "w+"
  }

  /// What a slider's position means.
  package enum Editing: String, Hashable, Sendable, CaseIterable {
    /// The step from where the face is: code + strength · vector.
    case relative
    /// The place to go to: the face's own position along the direction is taken off first
    /// (InterFaceGAN's interpolation, GANSpace's centred mode):
    /// code + (strength · scale − ⟨code − centre, unit⟩) · unit.
    case absolute
  }

  package var name: String
  package var kind: Kind
  /// Where the slider applies unless told otherwise.
  package var rows: LayerRange
  package let space: Space
  package let editing: Editing
  /// Z [z_dim], W [w_dim], W+ [num_ws, w_dim] row-major; one unit of the slider:
  /// code += strength · vector.
  package let vector: [Float]
  /// num_ws for W+, 1 otherwise.
  package let vectorRows: Int
  /// `vector` at length 1; zero where that is zero.
  package let unit: [Float]
  /// Length of `vector`: for components, the standard deviation of W along the direction.
  package let scale: Float
  /// What absolute positions are measured from, one row; nil means the origin.
  package let center: [Float]?
  /// Share of the attribute's variance that W explains, where it was measured.
  package var r2: Double?
  /// Where an imported direction came from, in words.
  package var origin: String?

  /// A direction whose unit is as `vector` says.
  /// - Parameter vectorRows: more than 1 for W+ alone.
  /// - Precondition: `vector` fills its rows; absolute editing needs one row, as has `center`.
  package init(
    name: String, kind: Kind, rows: LayerRange = .all, space: Space = .w, vector: [Float],
    vectorRows: Int = 1, editing: Editing = .relative, center: [Float]? = nil, r2: Double? = nil,
    origin: String? = nil
  ) {
    precondition(
      vectorRows > 0 && vector.count % vectorRows == 0,
      "\(vector.count) values are not \(vectorRows) rows")
    precondition(space == .wPlus || vectorRows == 1, "rows of their own are W+")
    precondition(editing == .relative || space != .wPlus, "absolute editing needs one vector")
    precondition(center.map { $0.count == vector.count } ?? true, "a centre of another width")
    self.name = name
    self.kind = kind
    self.rows = rows
    self.space = space
    self.editing = editing
    self.vector = vector
    self.vectorRows = vectorRows
    let length = vector.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    self.scale = Float(length)
    self.unit = length > 0 ? vector.map { Float(Double($0) / length) } : vector
    self.center = center
    self.r2 = r2
    self.origin = origin
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
    self.space = .w
    self.editing = .relative
    self.unit = unit
    self.vector = unit.map { $0 * scale }
    self.vectorRows = 1
    self.scale = scale
    self.center = nil
    self.r2 = nil
    self.origin = nil
  }

  /// Columns of the vector: z_dim or w_dim.
  package var width: Int { vector.count / vectorRows }

  /// The same direction with another unit of the slider.
  package func scaled(by factor: Float) -> Direction {
    Direction(
      name: name, kind: kind, rows: rows, space: space, vector: vector.map { $0 * factor },
      vectorRows: vectorRows, editing: editing, center: center, r2: r2, origin: origin)
  }
}
