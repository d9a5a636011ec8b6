import Files

extension Timeline {
  /// The format written here, the value of the field `mien-timeline`.
  static let formatVersion = "1"
  static let marker = "mien-timeline"

  /// A hundred faces in W+ of 18 × 512 values are 5 MB.
  package static let byteLimit = 256 << 20

  /// Whether a JSON text says it is a timeline.
  package static func isTimeline(_ bytes: [UInt8]) -> Bool {
    guard bytes.count <= byteLimit, case .object(let object)? = try? JSONParser.parse(bytes) else {
      return false
    }
    return object[marker] != nil
  }

  /// - Parameter preset: finds a preset that a keyframe names instead of describing its face.
  package static func load(
    path: String, preset: (String) throws(PresetError) -> Preset
  ) throws(TimelineError) -> Timeline {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw TimelineError(file: path, reason: .file(error))
    }
    let bytes = unsafe file.withBytes { unsafe Array($0) }
    return try Timeline(json: bytes, file: path, preset: preset)
  }

  /// Reads the text of a timeline.
  /// - Parameters:
  ///   - file: named in errors.
  ///   - preset: finds a preset that a keyframe names instead of describing its face.
  package init(
    json bytes: [UInt8], file: String, preset: (String) throws(PresetError) -> Preset
  ) throws(TimelineError) {
    func failure(_ reason: TimelineError.Reason) -> TimelineError {
      TimelineError(file: file, reason: reason)
    }
    guard bytes.count <= Timeline.byteLimit else {
      throw failure(.tooLarge(bytes: bytes.count, limit: Timeline.byteLimit))
    }
    let value: JSONDocument
    do {
      value = try JSONParser.parse(bytes)
    } catch {
      throw failure(.notJSON(error))
    }
    guard case .object(let document) = value, let version = document[Timeline.marker] else {
      throw failure(.notTimeline)
    }
    guard case .number(let found) = version, found == Timeline.formatVersion else {
      let found = if case .number(let literal) = version { literal } else { version.kind }
      throw failure(.version(found: String(found.prefix(24))))
    }
    let root = PresetReader(file: file, path: "", value: value, whole: "the timeline")
    var keyframes: [Keyframe] = []
    do throws(PresetError) {
      for (index, entry) in try root.requiredMember("keyframes").elements().enumerated() {
        var named: Preset?
        if let name = try entry.optionalMember("preset")?.text() {
          do throws(PresetError) { named = try preset(name) } catch {
            throw PresetError(
              file: file, reason: .invalidValue(field: entry.path + ".preset", problem: "\(error)"))
          }
        }
        keyframes.append(try Keyframe(entry, named: named, number: index + 1))
      }
      self.init(
        name: try root.optionalMember("name")?.text() ?? Preset.stem(file),
        model: try ModelReference(root.requiredMember("model")), keyframes: keyframes)
      try read(root)
    } catch {
      throw failure(.field(error))
    }
    self.document = document
  }

  private mutating func read(_ root: PresetReader) throws(PresetError) {
    if let field = try root.optionalMember("fps") {
      let text = if case .number(let literal) = field.value { literal } else { try field.text() }
      guard let rate = FrameRate(parsing: text) else {
        throw field.invalid("\(text.prefix(24)) is not a frame rate such as 30 or \"30000/1001\"")
      }
      frameRate = rate
    }
    frameCount = try root.nullableMember("frames")?.whole(0...Int(Int32.max))
    isLoop = try root.optionalMember("loop")?.flag() ?? false
    isConstantSpeed = try root.optionalMember("constant-speed")?.flag() ?? false
    interpolation = try root.optionalMember("interpolation")?.choice(Interpolation.self) ?? .spline
    easing = try root.optionalMember("ease")?.choice(Easing.self) ?? .none
    for entry in try root.optionalMember("rows")?.elements() ?? [] {
      rowRules.append(
        RowRule(
          rows: try entry.requiredMember("rows").layerRange(),
          interpolation: try entry.requiredMember("interpolation").choice(Interpolation.self)))
    }
    psi = try root.nullableMember("psi")?.track()
    for entry in try root.optionalMember("sweeps")?.elements() ?? [] {
      sweeps.append(
        Sweep(
          direction: try entry.requiredMember("direction").text(),
          track: try entry.requiredMember("values").track(),
          rows: try entry.nullableMember("rows")?.layerRange()))
    }
    if let entry = try root.optionalMember("noise") {
      let seed: UInt32 = try entry.optionalMember("seed")?.whole(0...UInt32.max) ?? 0
      let mode = try entry.requiredMember("mode")
      switch try mode.text() {
      case "const": noise = .const
      case "none": noise = .none
      case "random": noise = .random(seed: seed)
      case "loop": noise = .loop(seed: seed)
      case let text: throw mode.invalid("\"\(text.prefix(24))\" is not const, loop, random or none")
      }
    }
  }
}

extension Timeline.Keyframe {
  fileprivate init(
    _ entry: PresetReader, named preset: Preset?, number: Int
  ) throws(PresetError) {
    // A named preset gives what the keyframe does not say itself.
    var recipe: Recipe
    if let preset {
      recipe = preset.recipe
      guard case .object(var members) = entry.value else {
        throw entry.wrongType(expected: "an object")
      }
      if members["latent"] == nil {
        members["latent"] = .object(JSONMembers(["seed": .number(0)]))
      }
      let own = try Recipe(
        PresetReader(
          file: entry.file, path: entry.path, value: .object(members), whole: entry.whole))
      if try entry.optionalMember("latent") != nil { recipe.latent = own.latent }
      if try entry.optionalMember("truncation") != nil { recipe.truncation = own.truncation }
      if try entry.optionalMember("mix") != nil { recipe.mix = own.mix }
      if try entry.optionalMember("edits") != nil { recipe.edits = own.edits }
    } else {
      recipe = try Recipe(entry)
    }
    self.init(
      name: try entry.optionalMember("name")?.text() ?? preset?.name ?? "keyframe \(number)",
      recipe: recipe,
      hold: try entry.optionalMember("hold")?.finiteDouble() ?? 0,
      duration: try entry.optionalMember("duration")?.finiteDouble() ?? Timeline.usualDuration,
      easing: try entry.nullableMember("ease")?.choice(Easing.self))
    if case .object(let members) = entry.value { document = members }
  }
}

extension PresetReader {
  /// One of a few words.
  fileprivate func choice<Choice>(
    _ type: Choice.Type
  ) throws(PresetError) -> Choice
  where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
    let text = try text()
    guard let choice = Choice(rawValue: text) else {
      throw invalid(
        "\"\(text.prefix(24))\" is not one of "
          + Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }

  /// One value or more.
  fileprivate func track() throws(PresetError) -> Track {
    var values: [Float] = []
    for element in try elements() { values.append(try element.finite()) }
    guard !values.isEmpty else { throw invalid("at least one value was expected") }
    return Track(values)
  }
}
