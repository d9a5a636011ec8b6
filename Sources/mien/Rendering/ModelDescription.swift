import Checkpoints
import Latents
import StyleGAN

/// What `model info` says.
struct ModelDescription {
  private let examination: ModelExamination
  private let place: ModelPlace

  init(_ examination: ModelExamination, place: ModelPlace) {
    self.examination = examination
    self.place = place
  }

  private var isUsable: Bool { examination.problem == nil }

  /// What people call it.
  private var name: String {
    switch place {
    case .bundled: LoadedModel.bundledName
    case .installed(let name, _): name
    case .file(let path):
      examination.name ?? path.split(separator: "/").last.map(String.init) ?? path
    }
  }

  private var use: String {
    guard isUsable, let configuration = examination.configuration else {
      return "nothing: it is not usable"
    }
    var use = "generate, mix, edit"
    if configuration.cDim > 0 { use += "; --class chooses among \(configuration.cDim) classes" }
    if configuration.previewResolutions.count == 1 {
      use += "; no smaller previews, this network makes its picture at the end"
    }
    if !examination.isNative { use += "; 'mien model import' makes it start faster" }
    return use
  }

  /// "0-3", nil where the network is too small to have such rows.
  private func rows(_ range: Range<Int>) -> String? {
    guard let last = range.last else { return nil }
    return range.lowerBound == last ? "\(last)" : "\(range.lowerBound)-\(last)"
  }

  private var groups: [(name: String, rows: String)] {
    guard let groups = examination.configuration?.rowGroups else { return [] }
    return [("coarse", groups.coarse), ("middle", groups.middle), ("fine", groups.fine)]
      .compactMap { name, range in rows(range).map { (name, $0) } }
  }

  // MARK: JSON

  var json: JSONDocument {
    func strings(_ list: [String]) -> JSONDocument { .array(list.map(JSONDocument.string)) }
    func text(_ text: String?) -> JSONDocument { text.map(JSONDocument.string) ?? .null }
    var object = JSONMembers(["name": .string(name), "usable": .bool(isUsable)])
    if let problem = examination.problem { object["problem"] = .string(problem.reason) }
    object["content"] = .string(examination.kind.description)
    object["container"] = text(examination.container)
    if let configuration = examination.configuration {
      add(configuration, to: &object)
    }
    object["bytes"] = .number(examination.byteCount)
    object["sha256"] = .string(examination.sha256)
    object["known_as"] = .string(examination.identity)
    object["element_types"] = strings(examination.elementTypes)
    object["directions"] = strings(examination.directions.map(\.name))
    object["training_data"] = strings(examination.trainingData)
    object["notes"] = strings(examination.notes)
    object["missing"] = strings(examination.missing)
    object["surplus"] = strings(examination.surplus)
    object["odd"] = .array(
      examination.odd.map { oddity in
        .object(
          JSONMembers(["tensor": .string(oddity.tensor), "problem": .string(oddity.what)]))
      })
    object["licence"] = text(examination.licence)
    object["card"] = .array(
      examination.card.map {
        .object(JSONMembers(["topic": .string($0.topic), "text": .string($0.text)]))
      })
    if let origin = examination.origin {
      object["source"] = .object(
        JSONMembers([
          "file": .string(origin.file), "container": .string(origin.container),
          "sha256": text(origin.sha256),
        ]))
    }
    object["use"] = .string(use)
    object["path"] = place.path.map(JSONDocument.string)
    return .object(object)
  }

  private func add(_ configuration: GeneratorConfiguration, to object: inout JSONMembers) {
    object["family"] = .string(configuration.family.rawValue)
    object["architecture"] = .string(configuration.architecture.rawValue)
    object["resolution"] = .number(configuration.resolution)
    object["channels"] = .number(configuration.imageChannels)
    object["parameters"] = examination.parameterCount.map { .number($0) }
    object["z_dim"] = .number(configuration.zDim)
    object["w_dim"] = .number(configuration.wDim)
    object["num_ws"] = .number(configuration.numWs)
    var rows = JSONMembers()
    for group in groups { rows[group.name] = .string(group.rows) }
    object["rows"] = .object(rows)
    object["classes"] = .number(configuration.cDim)
    object["mapping_layers"] = .number(configuration.mappingLayers)
    if configuration.aliasFree == nil {
      object["block_channels"] = .array(configuration.blockChannels.map { .number($0) })
    }
    object["conv_clamp"] = configuration.convClamp.map { .number($0) } ?? .null
    object["noise"] = .bool(configuration.hasNoise)
    guard let schedule = configuration.aliasFree else { return }
    object["layers"] = .array(
      schedule.layers(
        resolution: configuration.resolution, imageChannels: configuration.imageChannels
      ).map { .string($0.name) })
    object["radial_filters"] = .bool(schedule.usesRadialFilters)
  }

  // MARK: Text

  var text: String {
    var table = TextTable()
    table.append(["name", name])
    table.append(["file", place.path ?? "built in"])
    table.append(["content", examination.container ?? examination.kind.description])
    if let configuration = examination.configuration { append(configuration, to: &table) }
    if !examination.elementTypes.isEmpty {
      table.append(["stored as", examination.elementTypes.joined(separator: ", ")])
    }
    table.append(["bytes", "\(examination.byteCount)"])
    table.append(["sha256", examination.sha256])
    if let origin = examination.origin {
      table.append(["imported", "from \(origin.file), \(origin.container)"])
      if let sha256 = origin.sha256 { table.append(["", "whose sha256 is \(sha256)"]) }
    }
    if !examination.directions.isEmpty {
      table.append(["directions", examination.directions.map(\.name).joined(separator: ", ")])
    }
    for data in examination.trainingData { table.append(["trained on", data]) }
    for note in examination.notes { table.append(["note", note]) }
    append(examination.missing, named: "missing", to: &table)
    append(examination.surplus, named: "surplus", to: &table)
    append(examination.odd.map { "\($0.tensor): \($0.what)" }, named: "odd", to: &table)
    if let licence = examination.licence { table.append(["licence", licence]) }
    table.append(["use", use])
    return table.text + card
  }

  /// A heading for each paragraph that the file says about itself.
  private var card: String {
    examination.card.map { entry in
      "\n" + Ending.oneLine(entry.topic) + "\n"
        + Self.lines(of: Ending.oneLine(entry.text), width: 78).map { "  \($0)\n" }.joined()
    }.joined()
  }

  /// Words in lines of at most so many characters, longer words on their own.
  private static func lines(of text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  private func append(_ configuration: GeneratorConfiguration, to table: inout TextTable) {
    var family = configuration.family.rawValue
    if configuration.family == .styleGAN2 { family += ", \(configuration.architecture.rawValue)" }
    if let schedule = configuration.aliasFree {
      family += ", \(schedule.layerCount) layers"
      family += schedule.usesRadialFilters ? ", radial filters (R)" : " (T)"
    }
    table.append(["family", family])
    let colours = configuration.imageChannels == 1 ? "grey" : "colour"
    table.append([
      "picture", "\(configuration.resolution)x\(configuration.resolution), \(colours)",
    ])
    if let count = examination.parameterCount { table.append(["parameters", "\(count)"]) }
    table.append([
      "latents",
      "z \(configuration.zDim), w \(configuration.wDim), \(configuration.numWs) rows of ws",
    ])
    table.append(["rows", groups.map { "\($0.name) \($0.rows)" }.joined(separator: ", ")])
    table.append(["classes", configuration.cDim == 0 ? "none" : "\(configuration.cDim)"])
    if let clamp = configuration.convClamp {
      table.append(["clamp", "\(short(Double(clamp)))"])
    }
  }

  /// At most twenty, and how many more.
  private func append(_ list: [String], named name: String, to table: inout TextTable) {
    for (index, item) in list.prefix(20).enumerated() {
      table.append([index == 0 ? "\(name) \(list.count)" : "", item])
    }
    if list.count > 20 { table.append(["", "and \(list.count - 20) more"]) }
  }
}
