/// A step along a direction, on some rows.
package struct Edit: Hashable, Sendable {
  /// The direction's name in the library.
  package var direction: String
  /// In units of the direction's slider: w += strength · vector.
  package var strength: Float
  package var rows: LayerRange

  package init(direction: String, strength: Float, rows: LayerRange = .all) {
    self.direction = direction
    self.strength = strength
    self.rows = rows
  }
}
