import Checkpoints
import Latents

/// What was measured: figures by name, in sections, as JSON and as text.
struct BenchReport {
  private(set) var json = JSONMembers()
  private(set) var text = ""

  mutating func add(_ key: String, _ value: JSONDocument) { json[key] = value }

  mutating func say(_ line: String = "") { text += line + "\n" }

  /// A table or several lines, each ending with a newline.
  mutating func say(lines: String) { text += lines }

  var document: JSONDocument { .object(json) }
}

extension JSONDocument {
  /// A measured number; null where there is none.
  static func figure(_ value: Double?) -> JSONDocument {
    guard let value, value.isFinite else { return .null }
    // Six digits say more than any clock knows.
    return .number(Float(value))
  }

  /// `{"min": …, "median": …}`
  static func timing(_ timing: Timing) -> JSONDocument {
    .object(["min": .figure(timing.minimum), "median": .figure(timing.median)])
  }

  static func object(_ members: KeyValuePairs<String, JSONDocument>) -> JSONDocument {
    .object(JSONMembers(members))
  }
}

/// The numbers of a report by path, such as `f32.min` or `layers.b64.conv1.seconds`.
struct BenchFigures {
  private(set) var values: [(path: String, value: Double)] = []

  init(_ json: JSONValue) { collect(json, "") }

  subscript(path: String) -> Double? { values.first { $0.path == path }?.value }

  private mutating func collect(_ json: JSONValue, _ path: String) {
    func joined(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
    if let members = json.members {
      for member in members { collect(member.value, joined(member.key)) }
    } else if let array = json.array {
      for (index, element) in array.enumerated() {
        collect(element, joined(element["name"]?.string ?? "\(index)"))
      }
    } else if let number = json.double {
      values.append((path, number))
    }
  }

  /// Each figure that both have, the earlier one, and the ratio of the earlier to this one: above 1
  /// is less of it now.
  func compared(with earlier: BenchFigures) -> String {
    var table = TextTable()
    table.append(["figure", "earlier", "now", "earlier / now"])
    for (path, value) in values {
      guard let before = earlier[path], before != 0 || value != 0 else { continue }
      // What describes the machine and the network is the same or the comparison means little.
      table.append([
        path, significant(before), significant(value),
        value == 0 ? "–" : fixed(before / value, 2) + " ×",
      ])
    }
    return table.text
  }

  private func significant(_ value: Double) -> String {
    switch abs(value) {
    case 0: "0"
    case ..<0.1: fixed(value * 1e3, 3) + "e-3"
    case ..<100: fixed(value, 3)
    case ..<1e6: fixed(value, 0)
    default: fixed(value / 1e6, 1) + "e6"
    }
  }
}
