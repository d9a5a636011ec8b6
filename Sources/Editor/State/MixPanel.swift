package import Latents

/// The mix bar: who owns which rows of ws, and who face B is.
///
/// The recipe's `mix` says what the picture is; this keeps what a recipe cannot say while B owns
/// nothing: where the borders stand, who B is, and its weight.
package struct MixPanel: Hashable, Sendable {
  /// Rows of ws.
  package let rowCount: Int
  /// Two borders, ascending, in 0...rowCount.
  package private(set) var borders: [Int]
  /// Whether B owns the rows before the first border, between, and after the second.
  package var isB: [Bool] = [false, false, false]
  /// Face B, once there is one.
  package var partner: LatentSource?
  /// The name of the preset B came from.
  package var partnerName: String?
  package var weight: Float = 1

  package init(rowCount: Int) {
    self.rowCount = rowCount
    borders = MixPanel.usualBorders(rowCount: rowCount)
  }

  /// The ends of the coarse and the middle rows.
  package static func usualBorders(rowCount: Int) -> [Int] {
    [
      LayerRange.coarse.rows(of: rowCount).upperBound,
      LayerRange.middle.rows(of: rowCount).upperBound,
    ]
  }

  package var segments: [Range<Int>] {
    [0..<borders[0], borders[0]..<borders[1], borders[1]..<rowCount]
  }

  /// The rows B owns, neighbours joined.
  package var rangesOfB: [Range<Int>] {
    var ranges: [Range<Int>] = []
    for (segment, isB) in zip(segments, isB) where isB && !segment.isEmpty {
      if let last = ranges.last, last.upperBound == segment.lowerBound {
        ranges[ranges.count - 1] = last.lowerBound..<segment.upperBound
      } else {
        ranges.append(segment)
      }
    }
    return ranges
  }

  /// What the bar means in a recipe.
  package var mix: [Mix] {
    guard let partner else { return [] }
    return rangesOfB.map { Mix(latent: partner, rows: LayerRange($0), weight: weight) }
  }

  /// Moves a border; it stops at the other one.
  package mutating func moveBorder(_ index: Int, to row: Int) {
    let lower = index == 0 ? 0 : borders[0]
    let upper = index == 0 ? borders[1] : rowCount
    borders[index] = min(max(row, lower), upper)
  }

  /// B takes the coarse (0), middle (1) or fine (2) rows and nothing else.
  package mutating func choosePreset(_ segment: Int) {
    borders = MixPanel.usualBorders(rowCount: rowCount)
    isB = [0, 1, 2].map { $0 == segment }
  }

  /// Follows a recipe that came from elsewhere (undo, a preset): afterwards `mix` covers the same
  /// rows wherever two borders can say so.
  package mutating func follow(_ mix: [Mix]) {
    guard let first = mix.first else {
      isB = [false, false, false]
      return
    }
    if partner != first.latent { partnerName = nil }
    partner = first.latent
    weight = first.weight
    let owned = owners(of: mix)
    guard owned != owners(of: self.mix) else { return }
    let changes = (1..<rowCount).filter { owned[$0] != owned[$0 - 1] }
    let usual = MixPanel.usualBorders(rowCount: rowCount)
    switch changes.count {
    case 0: borders = usual
    case 1:
      // The border in use is the one it is nearer to; the other one stays where it usually is.
      borders =
        changes[0] <= usual[0]
        ? [changes[0], max(changes[0], usual[1])] : [min(changes[0], usual[0]), changes[0]]
    default: borders = [changes[0], changes[changes.count - 1]]
    }
    isB = segments.map { !$0.isEmpty && owned[$0.lowerBound] }
  }

  private func owners(of mix: [Mix]) -> [Bool] {
    var owned = Array(repeating: false, count: rowCount)
    for entry in mix {
      for row in entry.rows.rows(of: rowCount) { owned[row] = true }
    }
    return owned
  }
}
