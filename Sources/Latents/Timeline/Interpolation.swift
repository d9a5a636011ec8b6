/// What lies between two keyframes.
package enum Interpolation: String, Hashable, Sendable, CaseIterable {
  /// Straight lines in W+.
  case linear
  /// Great circles in Z, mapped to w: each picture between is as likely as the ends. Needs faces of
  /// seeds.
  case slerp
  /// A smooth curve through the keyframes' rows (Catmull and Rom, for keyframes unevenly spaced in
  /// time): no corners at keyframes, and a keyframe that is moved bends the curve only near it.
  case spline
  /// Rows that stay those of the first keyframe.
  case still
}

/// Some rows go another way than the others.
package struct RowRule: Hashable, Sendable {
  package var rows: LayerRange
  package var interpolation: Interpolation

  package init(rows: LayerRange, interpolation: Interpolation) {
    self.rows = rows
    self.interpolation = interpolation
  }
}
