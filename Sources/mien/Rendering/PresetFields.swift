import Latents

/// A preset as a flat list of fields with words for values: for reading and comparing.
struct PresetFields {
  let fields: [(field: String, value: String)]

  init(_ preset: Preset) {
    let recipe = preset.recipe
    var fields = [("name", preset.name), ("model", preset.model.name)]
    if let sha256 = preset.model.sha256 { fields.append(("model.sha256", sha256)) }
    fields.append(("latent", recipe.latent.words))
    fields.append(("psi", short(Double(recipe.truncation.psi), decimals: 4)))
    if let cutoff = recipe.truncation.cutoff { fields.append(("cutoff", "\(cutoff)")) }
    for (index, mix) in recipe.mix.enumerated() {
      var words = "\(mix.rows) of \(mix.latent.words)"
      if mix.weight != 1 { words += ", weight \(short(Double(mix.weight), decimals: 4))" }
      fields.append(("mix \(index + 1)", words))
    }
    // Of several edits along one direction each has a field of its own.
    var repetitions: [String: Int] = [:]
    for edit in recipe.edits {
      repetitions[edit.direction, default: 0] += 1
      let count = repetitions[edit.direction] ?? 1
      fields.append(
        (
          "edit \(edit.direction)" + (count > 1 ? " (\(count))" : ""),
          "\(edit.strength > 0 ? "+" : "")\(short(Double(edit.strength), decimals: 4)), \(edit.rows)"
        ))
    }
    let noise = recipe.noise
    fields.append(
      ("noise", noise.mode == .random ? "random, seed \(noise.seed)" : noise.mode.rawValue))
    self.fields = fields
  }

  struct Difference: Equatable {
    let field: String
    /// nil where the preset lacks the field.
    let before: String?
    let after: String?
  }

  /// In the order of the first preset, then what only the second has. Names do not count: two
  /// presets of one face are the same.
  func differences(to other: PresetFields) -> [Difference] {
    func values(_ fields: PresetFields) -> [String: String] {
      Dictionary(uniqueKeysWithValues: fields.fields.map { ($0.field, $0.value) })
    }
    let (mine, theirs) = (values(self), values(other))
    let order = fields.map(\.field) + other.fields.map(\.field).filter { mine[$0] == nil }
    return order.compactMap { field in
      field == "name" || mine[field] == theirs[field]
        ? nil : Difference(field: field, before: mine[field], after: theirs[field])
    }
  }
}

extension LatentSource {
  /// `seed 42`, `seed 42, class 3`, `a point of W`, …; points are told apart by a checksum.
  var words: String {
    switch self {
    case .seed(let seed, nil): "seed \(seed)"
    case .seed(let seed, let classIndex?): "seed \(seed), class \(classIndex)"
    case .w(let values): "a point of W (\(values.count) values, \(LatentSource.checksum(values)))"
    case .ws(let values, let rows): "a point of W+ (\(rows) rows, \(LatentSource.checksum(values)))"
    }
  }

  /// FNV-1a over the bits: the same in every run, which Swift's own hashing is not.
  private static func checksum(_ values: [Float]) -> String {
    var hash: UInt32 = 2_166_136_261
    for value in values {
      for shift in [0, 8, 16, 24] as [UInt32] {
        hash = (hash ^ (value.bitPattern >> shift & 0xff)) &* 16_777_619
      }
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

extension Preset {
  /// One line for lists: `seed 42, ψ 0.7, mix 4-7, smile +1.6`.
  var summary: String {
    var words = [recipe.latent.words]
    if recipe.truncation.psi != 1 { words.append("ψ \(short(Double(recipe.truncation.psi)))") }
    words += recipe.mix.map { "\($0.rows) of \($0.latent.words)" }
    words += recipe.edits.map {
      "\($0.direction) \($0.strength > 0 ? "+" : "")\(short(Double($0.strength)))"
    }
    return words.joined(separator: ", ")
  }
}
