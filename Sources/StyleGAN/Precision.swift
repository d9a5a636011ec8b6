/// How exactly a picture is computed.
package enum Precision: String, Hashable, Sendable, Comparable, CaseIterable {
  /// bfloat16 where the processor multiplies it faster, else float32: for pictures that are
  /// replaced in a moment, never for one that is kept.
  case draft
  /// float32's accuracy.
  case full

  package static func < (a: Precision, b: Precision) -> Bool { a == .draft && b == .full }
}

extension Precision {
  /// bfloat16 parts of a number on matrix tiles.
  var parts: Int { self == .draft ? 1 : 2 }
}
