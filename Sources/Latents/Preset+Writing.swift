import FoundationEssentials

extension Preset {
  /// The text of the preset file: pretty-printed; what the document it came from held besides is
  /// kept, in its order.
  package var json: String {
    var root = document
    root["mien"] = .number(Preset.formatVersion)
    root["name"] = .string(name)
    root["model"] = model.json(over: root["model"])
    recipe.write(to: &root)
    return JSONDocument.object(root).pretty
  }
}

extension Recipe {
  /// Sets the members that say what picture it is; what else they hold is kept.
  func write(to root: inout JSONMembers) {
    root["latent"] = latent.json(over: root["latent"])
    root["truncation"] = truncation.json(over: root["truncation"])
    var oldMix = JSONEntries(root["mix"], key: "latent")
    root["mix"] = .array(
      mix.map { mix in
        mix.json(over: oldMix.take { mix.latent.json(over: $0) == $0 })
      })
    var oldEdits = JSONEntries(root["edits"], key: "direction")
    root["edits"] = .array(
      edits.map { edit in
        edit.json(over: oldEdits.take { $0 == .string(edit.direction) })
      })
    root["noise"] = noise.json(over: root["noise"])
  }
}

/// The entries of a list as it was read. An entry written anew takes the first of those it
/// continues, so that its unknown fields stay with it when others are added, removed or moved.
private struct JSONEntries {
  private var entries: [JSONMembers]
  private let key: String

  init(_ list: JSONDocument?, key: String) {
    self.key = key
    entries = []
    guard case .array(let elements) = list else { return }
    for case .object(let entry) in elements { entries.append(entry) }
  }

  /// Removes and returns the first entry whose identifying member `isSame` accepts.
  mutating func take(_ isSame: (JSONDocument) -> Bool) -> JSONDocument? {
    guard let index = entries.firstIndex(where: { $0[key].map(isSame) ?? false }) else {
      return nil
    }
    return .object(entries.remove(at: index))
  }
}

extension JSONDocument {
  /// This object's members; none for anything else.
  fileprivate static func members(_ value: JSONDocument?) -> JSONMembers {
    if case .object(let object) = value { object } else { JSONMembers() }
  }

  /// Little-endian float32 values in base64.
  fileprivate static func floats(_ values: [Float]) -> JSONDocument {
    var data = Data(capacity: values.count * 4)
    for value in values {
      for byte in 0..<4 {
        data.append(UInt8(truncatingIfNeeded: value.bitPattern >> (8 * byte)))
      }
    }
    return .string(data.base64EncodedString())
  }
}

extension ModelReference {
  func json(over old: JSONDocument?) -> JSONDocument {
    var object = JSONDocument.members(old)
    object["name"] = .string(name)
    object["sha256"] = sha256.map(JSONDocument.string)
    return .object(object)
  }
}

extension LatentSource {
  fileprivate func json(over old: JSONDocument?) -> JSONDocument {
    var object = JSONDocument.members(old)
    let written: JSONMembers
    switch self {
    case .seed(let seed, let classIndex):
      var members = JSONMembers(["seed": .number(Int(seed))])
      members["class"] = classIndex.map { .number($0) }
      written = members
    case .w(let values):
      written = JSONMembers(["w": .floats(values)])
    case .ws(let values, let rows):
      written = JSONMembers(["ws": .floats(values), "rows": .number(rows)])
    }
    for key in ["seed", "class", "w", "ws", "rows"] { object[key] = written[key] }
    return .object(object)
  }
}

extension Truncation {
  fileprivate func json(over old: JSONDocument?) -> JSONDocument {
    var object = JSONDocument.members(old)
    object["psi"] = .number(psi)
    object["cutoff"] = cutoff.map { .number($0) } ?? .null
    return .object(object)
  }
}

extension Mix {
  fileprivate func json(over old: JSONDocument?) -> JSONDocument {
    var object = JSONDocument.members(old)
    object["latent"] = latent.json(over: object["latent"])
    object["rows"] = .string(rows.description)
    object["weight"] = .number(weight)
    return .object(object)
  }
}

extension Edit {
  fileprivate func json(over old: JSONDocument?) -> JSONDocument {
    var object = JSONDocument.members(old)
    object["direction"] = .string(direction)
    object["strength"] = .number(strength)
    object["rows"] = .string(rows.description)
    return .object(object)
  }
}

extension NoiseSetting {
  fileprivate func json(over old: JSONDocument?) -> JSONDocument {
    var object = JSONDocument.members(old)
    object["mode"] = .string(mode.rawValue)
    object["seed"] = .number(Int(seed))
    return .object(object)
  }
}
