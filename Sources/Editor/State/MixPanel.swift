package import Latents
package import StyleGAN

/// The mix bar: who owns which rows of ws, and who face B is.
///
/// The recipe's `mix` says what the picture is; this keeps what a recipe cannot say while B owns
/// nothing: where the borders stand, who B is, and its weight.
package struct MixPanel: Hashable, Sendable {
  package let configuration: GeneratorConfiguration
  /// Two borders, ascending, in 0...rowCount.
  package private(set) var borders: [Int]
  /// Whether B owns the rows before the first border, between, and after the second.
  package private(set) var isB: [Bool] = [false, false, false]
  /// Face B, once there is one.
  package var partner: LatentSource?
  /// The name of the preset B came from.
  package var partnerName: String?
  /// The weight of B in the rows it owns.
  package var weight: Float = 1
  /// Weights of B that rows have on their own, whoever owns them.
  package private(set) var rowWeights: [Int: Float] = [:]

  package init(_ configuration: GeneratorConfiguration) {
    self.configuration = configuration
    borders = MixPanel.usualBorders(configuration)
  }

  /// Rows of ws.
  package var rowCount: Int { configuration.numWs }

  /// The ends of the coarse and the middle rows.
  package static func usualBorders(_ configuration: GeneratorConfiguration) -> [Int] {
    let groups = configuration.rowGroups
    return [groups.coarse.upperBound, groups.middle.upperBound]
  }

  package var segments: [Range<Int>] { MixPanel.segments(borders, rowCount) }

  private static func segments(_ borders: [Int], _ rowCount: Int) -> [Range<Int>] {
    [0..<borders[0], borders[0]..<borders[1], borders[1]..<rowCount]
  }

  /// How much of B each row has; nil where it is A's alone.
  package var weights: [Float?] {
    var weights = MixPanel.weights(borders, isB, weight, rowCount)
    for (row, weight) in rowWeights where row < rowCount {
      weights[row] = weight == 0 ? nil : weight
    }
    return weights
  }

  private static func weights(
    _ borders: [Int], _ isB: [Bool], _ weight: Float, _ rowCount: Int
  ) -> [Float?] {
    zip(segments(borders, rowCount), isB).flatMap { segment, isB in
      segment.map { _ in isB ? weight : nil }
    }
  }

  /// The rows B has a part in, neighbours joined.
  package var rangesOfB: [Range<Int>] {
    joined(weights) { ($0 == nil) == ($1 == nil) }.map(\.rows)
  }

  /// What the bar means in a recipe.
  package var mix: [Mix] {
    guard let partner else { return [] }
    return joined(weights, by: ==).map {
      Mix(latent: partner, rows: LayerRange($0.rows), weight: $0.weight)
    }
  }

  /// Runs of rows that B has a part in.
  private func joined(
    _ weights: [Float?], by isAlike: (Float?, Float?) -> Bool
  ) -> [(rows: Range<Int>, weight: Float)] {
    var runs: [(rows: Range<Int>, weight: Float)] = []
    for (row, weight) in weights.enumerated() {
      guard let weight else { continue }
      if let last = runs.last, last.rows.upperBound == row, isAlike(last.weight, weight) {
        runs[runs.count - 1].rows = last.rows.lowerBound..<row + 1
      } else {
        runs.append((row..<row + 1, weight))
      }
    }
    return runs
  }

  /// Moves a border; it stops at the other one.
  package mutating func moveBorder(_ index: Int, to row: Int) {
    let lower = index == 0 ? 0 : borders[0]
    let upper = index == 0 ? borders[1] : rowCount
    borders[index] = min(max(row, lower), upper)
  }

  /// B takes the coarse (0), middle (1) or fine (2) rows and nothing else.
  package mutating func choosePreset(_ segment: Int) {
    borders = MixPanel.usualBorders(configuration)
    isB = [0, 1, 2].map { $0 == segment }
    rowWeights = [:]
  }

  /// The other face takes a segment whole.
  package mutating func toggle(_ segment: Int) {
    isB[segment].toggle()
    for row in segments[segment] { rowWeights[row] = nil }
  }

  /// Gives a row a weight of its own; the one it would have anyway is none.
  package mutating func setWeight(_ weight: Float, ofRow row: Int) {
    guard (0..<rowCount).contains(row) else { return }
    let usual = MixPanel.weights(borders, isB, self.weight, rowCount)[row] ?? 0
    rowWeights[row] = weight == usual ? nil : weight
  }

  /// Lets a row have the weight of its segment again.
  package mutating func clearWeight(ofRow row: Int) { rowWeights[row] = nil }

  // MARK: Following a recipe

  /// Follows a recipe that came from elsewhere (undo, a preset): afterwards `mix` means the same.
  ///
  /// Of the ways to say it with two borders, one weight and weights of single rows, the one that
  /// needs the fewest of those is taken; if in doubt borders stay where they are.
  package mutating func follow(_ mix: [Mix]) {
    guard let first = mix.first else {
      isB = [false, false, false]
      rowWeights = [:]
      return
    }
    if partner != first.latent { partnerName = nil }
    partner = first.latent
    let wanted = weights(of: mix)
    guard wanted != weights else { return }
    weight = mostCommon(wanted) ?? first.weight
    let derived = derivedBorders(wanted)
    var best: [Int: Float]?
    for (borders, isB) in [
      (borders, isB), (borders, majorities(borders, wanted)),
      (derived, majorities(derived, wanted)),
    ] {
      let usual = MixPanel.weights(borders, isB, weight, rowCount)
      let own = Dictionary(
        uniqueKeysWithValues: wanted.indices.filter { wanted[$0] != usual[$0] }
          .map { ($0, wanted[$0] ?? 0) })
      if own.count < best?.count ?? .max {
        best = own
        self.borders = borders
        self.isB = isB
      }
    }
    rowWeights = best ?? [:]
  }

  /// How much of other faces each row of a recipe has; entries that meet on a row count together.
  private func weights(of mix: [Mix]) -> [Float?] {
    var weights = [Float?](repeating: nil, count: rowCount)
    for entry in mix {
      for row in entry.rows.rows(in: configuration) {
        weights[row] = weights[row].map { 1 - (1 - $0) * (1 - entry.weight) } ?? entry.weight
      }
    }
    return weights
  }

  private func mostCommon(_ weights: [Float?]) -> Float? {
    var counts: [Float: Int] = [:]
    for case let weight? in weights { counts[weight, default: 0] += 1 }
    // Of equals the one at hand, then the larger.
    return counts.max {
      ($0.value, $0.key == weight ? 1 : 0, $0.key) < ($1.value, $1.key == weight ? 1 : 0, $1.key)
    }?.key
  }

  /// Borders where B begins and ends.
  private func derivedBorders(_ weights: [Float?]) -> [Int] {
    let changes = weights.indices.dropFirst().filter {
      (weights[$0] == nil) != (weights[$0 - 1] == nil)
    }
    let usual = MixPanel.usualBorders(configuration)
    switch changes.count {
    case 0: return usual
    case 1:
      // The border in use is the one it is nearer to; the other one stays where it usually is.
      return changes[0] <= usual[0]
        ? [changes[0], max(changes[0], usual[1])] : [min(changes[0], usual[0]), changes[0]]
    default: return [changes[0], changes[changes.count - 1]]
    }
  }

  /// B gets the segments it has a part in most rows of.
  private func majorities(_ borders: [Int], _ weights: [Float?]) -> [Bool] {
    MixPanel.segments(borders, rowCount).map { segment in
      2 * segment.count { weights[$0] != nil } > segment.count
    }
  }
}
