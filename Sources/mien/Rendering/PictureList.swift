import Latents
import StyleGAN

/// A picture a command was asked for.
struct PictureEntry {
  /// Of its file, without folder and ending.
  let name: String
  let preset: Preset
  /// The preset as the user named it, nil for the face of a seed.
  var source: String?

  /// `seed0042`, as the reference script names its files.
  static func name(seed: UInt32) -> String {
    let digits = String(seed)
    return "seed" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}

extension PictureEntry {
  /// Makes sure that the recipe means something on a model; only presets are named in errors.
  func validate(
    for configuration: GeneratorConfiguration, directions: DirectionLibrary
  ) throws {
    if let source {
      try preset.validate(for: configuration, directions: directions, file: source)
    } else {
      try preset.recipe.validate(for: configuration, directions: directions)
    }
  }
}

/// The pictures a command was asked for, in order.
struct PictureList {
  private(set) var entries: [PictureEntry] = []

  /// More than anybody means to wait for; a slip in `--seeds` says so instead of running.
  static let limit = 1_000_000

  mutating func append(_ entry: PictureEntry) { entries.append(entry) }

  /// Two different pictures must not want the same file.
  func requireDistinctNames() throws(Failure) {
    var presets: [String: Preset] = [:]
    for entry in entries {
      if let other = presets.updateValue(entry.preset, forKey: entry.name), other != entry.preset {
        throw .usage("two presets are named \(entry.name); render them one at a time")
      }
    }
  }
}
