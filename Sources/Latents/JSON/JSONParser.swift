/// Why a text is not JSON, and where (both counted from 1, the column in bytes).
package struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
  package let line: Int
  package let column: Int
  package let reason: String

  package var description: String { "line \(line), column \(column): \(reason)" }
}

/// Reads RFC 8259 JSON strictly, in time linear in its length.
package struct JSONParser {
  /// Nesting allowed; what people write needs a handful, and recursion must end somewhere.
  package static let depthLimit = 64

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0

  private init(bytes: [UInt8]) { self.bytes = bytes }

  package static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONDocument {
    var parser = JSONParser(bytes: bytes)
    // Some editors start UTF-8 files with a byte order mark.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    parser.skipSpace()
    let value = try parser.value()
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.error("text after the end") }
    return value
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONDocument {
    guard let first = peek else { throw error("the text ends where a value was expected") }
    switch first {
    case UInt8(ascii: "{"):
      return try nested { parser throws(JSONSyntaxError) in try parser.object() }
    case UInt8(ascii: "["):
      return try nested { parser throws(JSONSyntaxError) in try parser.array() }
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw error("a value was expected")
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONSyntaxError) -> JSONDocument
  ) throws(JSONSyntaxError) -> JSONDocument {
    guard depth < JSONParser.depthLimit else {
      throw error("nested more than \(JSONParser.depthLimit) deep")
    }
    depth += 1
    defer { depth -= 1 }
    position += 1
    skipSpace()
    return try body(&self)
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONDocument {
    var object = JSONMembers()
    if skip("}") { return .object(object) }
    while true {
      guard peek == UInt8(ascii: "\"") else { throw error("a name in quotes was expected") }
      let start = position
      let key = try string()
      guard object[key] == nil else {
        throw error("the name \"\(key.prefix(40))\" a second time", at: start)
      }
      skipSpace()
      guard skip(":") else { throw error("\":\" was expected") }
      skipSpace()
      object[key] = try value()
      skipSpace()
      if skip("}") { return .object(object) }
      guard skip(",") else { throw error("\",\" or \"}\" was expected") }
      skipSpace()
    }
  }

  private mutating func array() throws(JSONSyntaxError) -> JSONDocument {
    var elements: [JSONDocument] = []
    if skip("]") { return .array(elements) }
    while true {
      elements.append(try value())
      skipSpace()
      if skip("]") { return .array(elements) }
      guard skip(",") else { throw error("\",\" or \"]\" was expected") }
      skipSpace()
    }
  }

  private mutating func word(_ word: StaticString, _ value: JSONDocument) throws(JSONSyntaxError)
    -> JSONDocument
  {
    let letters = Array(word.description.utf8)
    guard bytes[position...].starts(with: letters) else { throw error("a value was expected") }
    position += letters.count
    return value
  }

  private mutating func number() throws(JSONSyntaxError) -> JSONDocument {
    let start = position
    _ = skip("-")
    if !skip("0") { try digits() }
    if skip(".") { try digits() }
    if skip("e") || skip("E") {
      _ = skip("+") || skip("-")
      try digits()
    }
    return .number(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func digits() throws(JSONSyntaxError) {
    let start = position
    while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
    guard position > start else { throw error("a digit was expected") }
  }

  private mutating func string() throws(JSONSyntaxError) -> String {
    position += 1
    let start = position
    var text: [UInt8] = []
    var plain = position
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        text += bytes[plain..<position]
        position += 1
        guard let string = String(validating: text, as: UTF8.self) else {
          throw error("text that is not UTF-8", at: start)
        }
        return string
      case UInt8(ascii: "\\"):
        text += bytes[plain..<position]
        text += Array(String(try escape()).utf8)
        plain = position
      case 0..<0x20:
        throw error("a control character inside text")
      default:
        position += 1
      }
    }
    throw error("text without its closing quote", at: start - 1)
  }

  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let start = position
    position += 1
    guard let letter = peek else { throw error("the text ends inside an escape") }
    position += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      var code = UInt32(try hexadecimal())
      if (0xD800..<0xDC00).contains(code), skip("\\"), skip("u") {
        let low = UInt32(try hexadecimal())
        guard (0xDC00..<0xE000).contains(low) else {
          throw error("half of a surrogate pair", at: start)
        }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw error("half of a surrogate pair", at: start)
      }
      return scalar
    default: throw error("an unknown escape", at: start)
    }
  }

  private mutating func hexadecimal() throws(JSONSyntaxError) -> UInt16 {
    var code: UInt16 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw error("four hexadecimal digits were expected")
      }
      code = code << 4 | UInt16(digit)
      position += 1
    }
    return code
  }

  // MARK: Bytes

  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      position += 1
    }
  }

  private func error(_ reason: String, at place: Int? = nil) -> JSONSyntaxError {
    let before = bytes[..<(place ?? position)]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return JSONSyntaxError(
      line: before.count { $0 == 0x0A } + 1, column: before.count - lineStart + 1, reason: reason)
  }
}
