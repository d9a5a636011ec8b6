import Latents

/// The journal as text: one JSON object for each line. A step is written as a preset named by what
/// was done, so that a journal can be read, and repaired, by whoever can read a preset.
struct JournalText {
  let model: ModelReference

  /// One line, with its end.
  func line(_ record: JournalRecord) -> String {
    var object = JSONMembers()
    switch record {
    case .step(let step):
      object["record"] = .string("step")
      object["start"] = .bool(step.isStart)
      object["preset"] = value(step.recipe, name: step.label, projection: step.projection)
    case .amended(let step):
      object["record"] = .string("amended")
      object["start"] = .bool(step.isStart)
      object["preset"] = value(step.recipe, name: step.label, projection: step.projection)
    case .dropped: object["record"] = .string("dropped")
    case .moved(let index):
      object["record"] = .string("moved")
      object["index"] = .number(index)
    case .bookmarks(let recipes):
      object["record"] = .string("bookmarks")
      object["presets"] = .array(
        recipes.enumerated().map { value($1, name: "bookmark \($0 + 1)") })
    }
    // Line ends stand between JSON's words only, never inside of text.
    return JSONDocument.object(object).pretty.split(separator: "\n").map { $0.drop { $0 == " " } }
      .joined(separator: " ") + "\n"
  }

  /// The records of a journal up to the first line that is not whole: a crash may have cut it.
  func records(_ bytes: [UInt8]) -> [JournalRecord] {
    var records: [JournalRecord] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let value = try? JSONParser.parse(Array(line)), let record = record(value) else {
        break
      }
      records.append(record)
    }
    return records
  }

  private func value(
    _ recipe: Recipe, name: String, projection: JSONDocument? = nil
  ) -> JSONDocument {
    var preset = Preset(name: name, model: model, recipe: recipe)
    preset.projection = projection
    let text = preset.json
    return (try? JSONParser.parse(Array(text.utf8))) ?? .null
  }

  private func record(_ value: JSONDocument) -> JournalRecord? {
    guard case .object(let object) = value, case .string(let kind)? = object["record"] else {
      return nil
    }
    switch kind {
    case "step": return step(object).map { .step($0) }
    case "amended": return step(object).map { .amended($0) }
    case "dropped": return .dropped
    case "moved":
      guard case .number(let text)? = object["index"], let index = Int(text) else { return nil }
      return .moved(index)
    case "bookmarks":
      guard case .array(let values)? = object["presets"] else { return nil }
      return .bookmarks(values.compactMap { preset($0)?.recipe })
    default: return nil
    }
  }

  private func step(_ object: JSONMembers) -> History.Step? {
    guard let value = object["preset"], let preset = preset(value) else { return nil }
    return History.Step(
      preset.recipe, label: preset.name, isStart: object["start"] == .bool(true),
      projection: preset.projection)
  }

  /// A preset of this model; those of others mean nothing here.
  private func preset(_ value: JSONDocument) -> Preset? {
    guard let preset = try? Preset(json: Array(value.pretty.utf8), file: "journal"),
      preset.model.matches(model)
    else { return nil }
    return preset
  }
}
