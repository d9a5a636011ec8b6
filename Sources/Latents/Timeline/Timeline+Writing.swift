import Files

extension Timeline {
  /// The text of the timeline file; what the document it came from held besides is kept. Keyframes
  /// hold their faces themselves, so that the file needs no other.
  package var json: String {
    var root = document
    root[Timeline.marker] = .number(Timeline.formatVersion)
    root["name"] = .string(name)
    root["model"] = model.json(over: root["model"])
    root["fps"] =
      frameRate.denominator == 1 ? .number(frameRate.numerator) : .string(frameRate.description)
    root["frames"] = frameCount.map { .number($0) } ?? .null
    root["loop"] = .bool(isLoop)
    root["interpolation"] = .string(interpolation.rawValue)
    root["rows"] = .array(
      rowRules.map {
        .object(
          JSONMembers([
            "rows": .string($0.rows.description),
            "interpolation": .string($0.interpolation.rawValue),
          ]))
      })
    root["ease"] = .string(easing.rawValue)
    root["constant-speed"] = .bool(isConstantSpeed)
    root["psi"] = psi?.json ?? .null
    root["sweeps"] = .array(
      sweeps.map { sweep in
        .object(
          JSONMembers([
            "direction": .string(sweep.direction), "values": sweep.track.json,
            "rows": sweep.rows.map { .string($0.description) } ?? .null,
          ]))
      })
    root["noise"] = noise.json(over: root["noise"])
    root["keyframes"] = .array(keyframes.map { .object($0.members) })
    return JSONDocument.object(root).pretty
  }

  /// Writes the timeline file, replacing what is there; the file is whole or untouched.
  package func save(to path: String) throws(TimelineError) {
    do {
      try AtomicFile.write(Array(json.utf8), to: path)
    } catch {
      throw TimelineError(file: path, reason: .file(error))
    }
  }
}

extension Timeline.Keyframe {
  fileprivate var members: JSONMembers {
    var members = document
    members["preset"] = nil
    members["name"] = .string(name)
    members["hold"] = .number(hold)
    members["duration"] = .number(duration)
    members["ease"] = easing.map { .string($0.rawValue) } ?? .null
    recipe.write(to: &members)
    return members
  }
}

extension Track {
  fileprivate var json: JSONDocument { .array(values.map { .number($0) }) }
}

extension Timeline.Noise {
  fileprivate func json(over old: JSONDocument?) -> JSONDocument {
    var members = if case .object(let object)? = old { object } else { JSONMembers() }
    switch self {
    case .const: members["mode"] = .string("const")
    case .none: members["mode"] = .string("none")
    case .random(let seed):
      members["mode"] = .string("random")
      members["seed"] = .number(Int(seed))
    case .loop(let seed):
      members["mode"] = .string("loop")
      members["seed"] = .number(Int(seed))
    }
    return .object(members)
  }
}
