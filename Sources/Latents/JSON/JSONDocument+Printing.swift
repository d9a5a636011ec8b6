extension JSONDocument {
  /// Readable and diffable: two spaces of indentation, members in their order, and what fits on a
  /// line of 100 columns stays on one; ends with a newline.
  package var pretty: String {
    var text = ""
    write(to: &text, indentation: 0, column: 0, isOuter: true)
    return text + "\n"
  }

  private static let lineWidth = 100

  private func write(to text: inout String, indentation: Int, column: Int, isOuter: Bool) {
    if !isOuter || isScalar {
      var line = ""
      if writeCompact(to: &line, limit: JSONDocument.lineWidth - column - 1) || isScalar {
        text += line
        return
      }
    }
    let inner = "\n" + String(repeating: " ", count: indentation + 2)
    let outer = "\n" + String(repeating: " ", count: indentation)
    switch self {
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        text += (index == 0 ? "" : ",") + inner
        element.write(
          to: &text, indentation: indentation + 2, column: indentation + 2, isOuter: false)
      }
      text += elements.isEmpty ? "]" : outer + "]"
    case .object(let object):
      text += "{"
      for (index, key) in object.keys.enumerated() {
        let name = JSONDocument.quoted(key) + ": "
        text += (index == 0 ? "" : ",") + inner + name
        object[key]?.write(
          to: &text, indentation: indentation + 2, column: indentation + 2 + name.utf8.count,
          isOuter: false)
      }
      text += object.keys.isEmpty ? "}" : outer + "}"
    case .null, .bool, .number, .string:
      break
    }
  }

  private var isScalar: Bool {
    switch self {
    case .array, .object: false
    case .null, .bool, .number, .string: true
    }
  }

  /// Writes everything on one line; false as soon as that has more than `limit` bytes.
  private func writeCompact(to line: inout String, limit: Int) -> Bool {
    switch self {
    case .null: line += "null"
    case .bool(let value): line += value ? "true" : "false"
    case .number(let literal): line += literal
    case .string(let string): line += JSONDocument.quoted(string)
    case .array(let elements):
      line += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { line += ", " }
        guard element.writeCompact(to: &line, limit: limit) else { return false }
      }
      line += "]"
    case .object(let object):
      line += "{"
      for (index, key) in object.keys.enumerated() {
        line += (index == 0 ? "" : ", ") + JSONDocument.quoted(key) + ": "
        guard object[key]?.writeCompact(to: &line, limit: limit) ?? true else { return false }
      }
      line += "}"
    }
    return line.utf8.count <= limit
  }

  private static func quoted(_ string: String) -> String {
    var text = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\u{0}"..<"\u{20}", "\u{7f}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
