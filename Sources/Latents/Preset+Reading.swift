extension Preset {
  /// The format written here, the value of the field `mien`.
  static let formatVersion = "1"

  /// More than any preset needs: W+ of 18 × 512 values is 49 kB of base64.
  package static let byteLimit = 16 << 20

  /// Reads the text of a preset.
  /// - Parameter file: named in errors; its stem is the name of a preset that has none.
  package init(json bytes: [UInt8], file: String) throws(PresetError) {
    guard bytes.count <= Preset.byteLimit else {
      throw PresetError(
        file: file, reason: .tooLarge(bytes: bytes.count, limit: Preset.byteLimit))
    }
    let value: JSONDocument
    do {
      value = try JSONParser.parse(bytes)
    } catch {
      throw PresetError(file: file, reason: .notJSON(error))
    }
    let root = PresetReader(file: file, path: "", value: value)
    guard case .object(let document) = value else {
      throw root.wrongType(expected: "an object")
    }
    try Preset.checkVersion(root)

    self.init(
      name: try root.optionalMember("name")?.text() ?? Preset.stem(file),
      model: try ModelReference(root.requiredMember("model")),
      recipe: try Recipe(root),
      document: document)
  }

  private static func checkVersion(_ root: PresetReader) throws(PresetError) {
    guard let version = try root.optionalMember("mien") else {
      throw PresetError(file: root.file, reason: .notPreset)
    }
    guard case .number(let found) = version.value else {
      throw version.wrongType(expected: "a number")
    }
    guard found == formatVersion else {
      throw PresetError(file: root.file, reason: .version(found: String(found.prefix(24))))
    }
  }

  /// `presets/morning.json` → `morning`
  static func stem(_ file: String) -> String {
    let name = file.split(separator: "/").last ?? ""
    return String(name.hasSuffix(".json") ? name.dropLast(5) : name)
  }
}

extension Recipe {
  /// The members of an object that say what picture it is.
  init(_ root: PresetReader) throws(PresetError) {
    self.init(
      latent: try LatentSource(root.requiredMember("latent")),
      truncation: try root.optionalMember("truncation").map(Truncation.init) ?? Truncation(),
      mix: try root.optionalMember("mix").map(Recipe.mix) ?? [],
      edits: try root.optionalMember("edits").map(Recipe.edits) ?? [],
      noise: try root.optionalMember("noise").map(NoiseSetting.init) ?? NoiseSetting())
  }

  private static func mix(_ list: PresetReader) throws(PresetError) -> [Mix] {
    try list.elements().map { entry throws(PresetError) in try Mix(entry) }
  }

  private static func edits(_ list: PresetReader) throws(PresetError) -> [Edit] {
    try list.elements().map { entry throws(PresetError) in try Edit(entry) }
  }
}

extension ModelReference {
  init(_ reader: PresetReader) throws(PresetError) {
    self.init(
      name: try reader.requiredMember("name").text(),
      sha256: try reader.nullableMember("sha256")?.text())
  }
}

extension LatentSource {
  fileprivate init(_ reader: PresetReader) throws(PresetError) {
    let seed = try reader.optionalMember("seed")
    let w = try reader.optionalMember("w")
    let ws = try reader.optionalMember("ws")
    switch (seed, w, ws) {
    case (let seed?, nil, nil):
      self = .seed(
        try seed.whole(0...UInt32.max),
        classIndex: try reader.nullableMember("class")?.whole(0...Int(Int32.max)))
    case (nil, let w?, nil):
      self = .w(try w.floats())
    case (nil, nil, let ws?):
      let values = try ws.floats()
      let rowsField = try reader.requiredMember("rows")
      let rows = try rowsField.whole(1...1024)
      guard values.count % rows == 0 else {
        throw rowsField.invalid("\(values.count) values of ws do not fill \(rows) rows")
      }
      self = .ws(values, rows: rows)
    default:
      throw reader.invalid("exactly one of seed, w and ws was expected")
    }
  }
}

extension Truncation {
  fileprivate init(_ reader: PresetReader) throws(PresetError) {
    self.init(
      psi: try reader.optionalMember("psi")?.finite() ?? 1,
      cutoff: try reader.nullableMember("cutoff")?.whole(0...1024))
  }
}

extension Mix {
  fileprivate init(_ reader: PresetReader) throws(PresetError) {
    let latent = try LatentSource(reader.requiredMember("latent"))
    let rows = try reader.requiredMember("rows").layerRange()
    let weight = try reader.optionalMember("weight")
    let value = try weight?.finite() ?? 1
    if let weight, !(0...1).contains(value) {
      throw weight.invalid(LatentError.weight(value).description)
    }
    self.init(latent: latent, rows: rows, weight: value)
  }
}

extension Edit {
  fileprivate init(_ reader: PresetReader) throws(PresetError) {
    self.init(
      direction: try reader.requiredMember("direction").text(),
      strength: try reader.requiredMember("strength").finite(),
      rows: try reader.optionalMember("rows")?.layerRange() ?? .all)
  }
}

extension NoiseSetting {
  fileprivate init(_ reader: PresetReader) throws(PresetError) {
    var setting = NoiseSetting()
    if let field = try reader.optionalMember("mode") {
      let text = try field.text()
      guard let mode = Mode(rawValue: text) else {
        throw field.invalid("\"\(text.prefix(24))\" is not const, random or none")
      }
      setting.mode = mode
    }
    setting.seed = try reader.optionalMember("seed")?.whole(0...UInt32.max) ?? 0
    self = setting
  }
}
