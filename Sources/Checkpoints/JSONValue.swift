/// JSON (RFC 8259), read strictly: no duplicate keys, no trailing text, bounded depth.
package enum JSONValue: Hashable, Sendable {
  case null
  case bool(Bool)
  /// A number without fraction and exponent that fits an Int.
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  /// Members in the order of the text.
  case object([Member])

  package struct Member: Hashable, Sendable {
    package let key: String
    package let value: JSONValue
    package init(_ key: String, _ value: JSONValue) {
      self.key = key
      self.value = value
    }
  }

  package subscript(key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  package var string: String? { if case .string(let value) = self { value } else { nil } }
  package var integer: Int? { if case .integer(let value) = self { value } else { nil } }
  package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
  package var members: [Member]? { if case .object(let value) = self { value } else { nil } }
  package var isNull: Bool { self == .null }

  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// "a list", "a number": what an error message calls it.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool: "a truth value"
    case .integer, .number: "a number"
    case .string: "a text"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Problem: Hashable, Sendable {
    case expected(String)
    case duplicateKey(String)
    case tooDeep
    case notUTF8
  }
  package let problem: Problem
  /// Bytes from the start of the text.
  package let offset: Int

  package var description: String {
    switch problem {
    case .expected(let what): "no valid JSON: \(what) expected at byte \(offset)"
    case .duplicateKey(let key): "\"\(key)\" appears twice"
    case .tooDeep: "no valid JSON: nested too deeply at byte \(offset)"
    case .notUTF8: "no valid JSON: not UTF-8"
    }
  }
}

extension JSONValue {
  package init(parsing text: [UInt8]) throws(JSONError) {
    guard String(validating: text, as: UTF8.self) != nil else {
      throw JSONError(problem: .notUTF8, offset: 0)
    }
    var reader = JSONReader(text: text)
    self = try reader.document()
  }

  package init(parsing text: String) throws(JSONError) {
    var reader = JSONReader(text: Array(text.utf8))
    self = try reader.document()
  }

  /// The text, in one line.
  package var encoded: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): String(value)
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .string(let value): Self.quoted(value)
    case .array(let values): "[" + values.map(\.encoded).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.map { Self.quoted($0.key) + ": " + $0.value.encoded }.joined(separator: ", ")
        + "}"
    }
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }
}

private struct JSONReader {
  private static let deepest = 64
  let text: [UInt8]
  var at = 0
  var depth = 0

  init(text: [UInt8]) { self.text = text }

  mutating func document() throws(JSONError) -> JSONValue {
    let value = try value()
    skipSpace()
    guard at == text.count else { throw expected("the end") }
    return value
  }

  private func expected(_ what: String) -> JSONError {
    JSONError(problem: .expected(what), offset: at)
  }

  private mutating func skipSpace() {
    while at < text.count, [0x20, 0x0a, 0x0d, 0x09].contains(text[at]) { at += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    skipSpace()
    guard at < text.count, text[at] == character.asciiValue else { return false }
    at += 1
    return true
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    skipSpace()
    guard at < text.count else { throw expected("a value") }
    switch text[at] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func word(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
    guard text[at...].starts(with: word.utf8) else { throw expected("a value") }
    at += word.utf8.count
    return value
  }

  private mutating func enter() throws(JSONError) {
    depth += 1
    guard depth <= Self.deepest else { throw JSONError(problem: .tooDeep, offset: at) }
    at += 1
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var values: [JSONValue] = []
    if take("]") { return .array(values) }
    repeat { values.append(try value()) } while take(",")
    guard take("]") else { throw expected("\",\" or \"]\"") }
    return .array(values)
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var members: [JSONValue.Member] = []
    var keys: Set<String> = []
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      guard at < text.count, text[at] == UInt8(ascii: "\"") else { throw expected("a key") }
      let start = at
      let key = try string()
      guard keys.insert(key).inserted else {
        throw JSONError(problem: .duplicateKey(key), offset: start)
      }
      guard take(":") else { throw expected("\":\"") }
      members.append(.init(key, try value()))
    } while take(",")
    guard take("}") else { throw expected("\",\" or \"}\"") }
    return .object(members)
  }

  private mutating func string() throws(JSONError) -> String {
    at += 1
    var bytes: [UInt8] = []
    while at < text.count {
      let byte = text[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\"):
        guard at < text.count else { throw expected("an escape") }
        let escape = text[at]
        at += 1
        switch escape {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(escape)
        case UInt8(ascii: "b"): bytes.append(8)
        case UInt8(ascii: "f"): bytes.append(12)
        case UInt8(ascii: "n"): bytes.append(10)
        case UInt8(ascii: "r"): bytes.append(13)
        case UInt8(ascii: "t"): bytes.append(9)
        case UInt8(ascii: "u"): bytes.append(contentsOf: try escapedScalar().utf8)
        default: throw expected("an escape")
        }
      case 0..<0x20: throw expected("no control character")
      default: bytes.append(byte)
      }
    }
    throw expected("a closing quote")
  }

  private mutating func escapedScalar() throws(JSONError) -> String {
    var units = [try codeUnit()]
    if UTF16.isLeadSurrogate(units[0]), text[at...].starts(with: "\\u".utf8) {
      at += 2
      units.append(try codeUnit())
    }
    guard let text = String(validating: units, as: UTF16.self) else {
      throw expected("a pair of surrogates")
    }
    return text
  }

  private mutating func codeUnit() throws(JSONError) -> UInt16 {
    let digits = text[at..<min(at + 4, text.count)]
    guard digits.count == 4,
      digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
      let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw expected("four hexadecimal digits") }
    at += 4
    return unit
  }

  private mutating func number() throws(JSONError) -> JSONValue {
    let start = at
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    func skipDigits() -> Bool {
      let first = at
      while at < text.count, isDigit(text[at]) { at += 1 }
      return at > first
    }
    if at < text.count, text[at] == UInt8(ascii: "-") { at += 1 }
    let firstDigit = at
    guard skipDigits(), at == firstDigit + 1 || text[firstDigit] != UInt8(ascii: "0") else {
      at = start
      throw expected("a value")
    }
    var isInteger = true
    if at < text.count, text[at] == UInt8(ascii: ".") {
      at += 1
      isInteger = false
      guard skipDigits() else { throw expected("a digit") }
    }
    if at < text.count, text[at] == UInt8(ascii: "e") || text[at] == UInt8(ascii: "E") {
      at += 1
      isInteger = false
      if at < text.count, text[at] == UInt8(ascii: "+") || text[at] == UInt8(ascii: "-") { at += 1 }
      guard skipDigits() else { throw expected("a digit") }
    }
    let word = String(decoding: text[start..<at], as: UTF8.self)
    if isInteger, let value = Int(word) { return .integer(value) }
    guard let value = Double(word), value.isFinite else { throw expected("a number in range") }
    return .number(value)
  }
}
