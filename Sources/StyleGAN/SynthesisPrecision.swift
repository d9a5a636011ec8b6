/// How exactly a picture is computed.
package enum SynthesisPrecision: Hashable, Sendable, CaseIterable, Comparable {
  /// bfloat16 where the processor multiplies it faster: pictures while something moves, never one
  /// that is kept.
  case draft
  /// float32's accuracy: what is saved, and what the editor shows at rest.
  case full

  /// bfloat16 parts of a number on matrix tiles.
  var parts: Int { self == .draft ? 1 : 2 }
}
