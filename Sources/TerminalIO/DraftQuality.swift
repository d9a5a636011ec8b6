/// How much of a picture is sent while something moves, from all to the least: what a slow link
/// saves in bytes it gains in pictures.
package enum DraftQuality: Int, Hashable, Sendable, CaseIterable, Comparable {
  /// 64 colours, and every second pixel twice as large.
  case coarse
  /// 64 colours.
  case fewColors
  case full

  package static func < (a: DraftQuality, b: DraftQuality) -> Bool { a.rawValue < b.rawValue }

  var palette: DraftPalette.Extent { self == .full ? .full : .small }
  var coarseness: Int { self == .coarse ? 2 : 1 }
  var worse: DraftQuality? { DraftQuality(rawValue: rawValue - 1) }
  var better: DraftQuality? { DraftQuality(rawValue: rawValue + 1) }
}
