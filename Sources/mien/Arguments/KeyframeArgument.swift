import Latents

/// A keyframe as people name it: seeds (`7`, `0-5`), a preset, and with either what to change:
/// `42+smile=2+age=-1`.
struct KeyframeArgument: Hashable {
  /// As given.
  let text: String
  private let base: String
  let edits: [Edit]

  init(_ text: String) {
    self.text = text
    let parts = text.split(separator: "+", omittingEmptySubsequences: false)
    var edits: [Edit] = []
    for part in parts.dropFirst() {
      guard let equals = part.lastIndex(of: "="),
        let strength = Float(part[part.index(after: equals)...]), strength.isFinite,
        equals != part.startIndex
      else {
        // A plus in a name.
        (base, self.edits) = (text, [])
        return
      }
      edits.append(Edit(direction: String(part[..<equals]), strength: strength))
    }
    base = String(parts[0])
    self.edits = edits
  }

  /// A single face or several.
  func load(
    reference: ModelReference, force: Bool, library: PresetLibrary
  ) throws -> [Timeline.Keyframe] {
    if !base.isEmpty, base.utf8.allSatisfy({ (48...57).contains($0) || $0 == 44 || $0 == 45 }) {
      let seeds = try SeedList(parsing: base)
      guard seeds.count <= 10_000 else { throw Failure.usage("\(text): more than 10000 keyframes") }
      return seeds.map { seed in
        Timeline.Keyframe(name: "seed \(seed)", recipe: Recipe(latent: .seed(seed), edits: edits))
      }
    }
    let preset = try PresetArgument(base, library: library).load()
    if !force { try preset.requireModel(reference, file: base) }
    var recipe = preset.recipe
    for edit in edits {
      recipe.edits.removeAll { $0.direction == edit.direction }
      recipe.edits.append(edit)
    }
    return [Timeline.Keyframe(name: preset.name, recipe: recipe)]
  }
}

extension Sweep {
  /// Reads `smile:-3:3`, or with more strengths, and rows after an @: `smile:0:2:0@coarse`.
  init(parsing text: String) throws(Failure) {
    let halves = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: ":", omittingEmptySubsequences: false)
    let values = parts.dropFirst().compactMap { Float($0) }
    guard parts.count >= 3, values.count == parts.count - 1, values.allSatisfy(\.isFinite),
      !parts[0].isEmpty
    else { throw .usage("write a sweep as DIRECTION:FROM:TO, such as smile:-3:3") }
    var rows: LayerRange?
    if halves.count == 2 {
      do { rows = try LayerRange(parsing: String(halves[1])) } catch {
        throw .usage(error.description)
      }
    }
    self.init(direction: String(parts[0]), track: Track(values), rows: rows)
  }
}

extension RowRule {
  /// Reads `coarse=linear`, `8-13=still`.
  init(parsing text: String) throws(Failure) {
    let parts = text.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, let way = Interpolation(rawValue: String(parts[1])),
      let rows = try? LayerRange(parsing: String(parts[0]))
    else { throw .usage("write rows as RANGE=linear|slerp|spline|still, such as fine=still") }
    self.init(rows: rows, interpolation: way)
  }
}
