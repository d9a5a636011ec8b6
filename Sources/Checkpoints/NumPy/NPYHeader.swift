import Files

package enum NPYError: Error, Hashable, Sendable, CustomStringConvertible {
  case notNPY
  case version(Int, Int)
  case headerCut(needed: Int, available: Int)
  case headerSyntax(String)
  case missingKey(String)
  case elementType(String)
  case objects
  case shape(TensorViewError)
  case dataShort(shape: [Int], needed: Int, available: Int)
  case dataLong(shape: [Int], surplus: Int)

  package var description: String {
    switch self {
    case .notNPY: "no NumPy array: it does not begin with \\x93NUMPY"
    case .version(let major, let minor): "NumPy format version \(major).\(minor) is unknown"
    case .headerCut(let needed, let available):
      "the NumPy header claims \(needed) bytes, the file has \(available) left"
    case .headerSyntax(let reason): "the NumPy header is malformed: \(reason)"
    case .missingKey(let key): "the NumPy header lacks '\(key)'"
    case .elementType(let descr): "elements of type \(descr) are not numbers this reader knows"
    case .objects: "it holds Python objects, which are never loaded"
    case .shape(let error): error.description
    case .dataShort(let shape, let needed, let available):
      "shape \(shape) needs \(needed) bytes, \(available) are there"
    case .dataLong(let shape, let surplus): "\(surplus) bytes follow the data of shape \(shape)"
    }
  }
}

/// What the header of a .npy file says (NEP 1, format 1.0, 2.0 and 3.0).
struct NPYHeader: Hashable, Sendable {
  var type: ElementType
  var isBigEndian = false
  var isFortranOrder = false
  var shape: [Int]

  /// The longest header read; NumPy itself warns above 10,000 bytes.
  static let longest = 1 << 16

  /// - Returns: the header and where the data begins.
  static func parse(_ bytes: Bytes) throws(NPYError) -> (NPYHeader, dataOffset: Int) {
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    guard bytes.slice(from: 0, count: 6)?.array == magic else { throw .notNPY }
    guard let major = bytes.integer(at: 6, as: UInt8.self),
      let minor = bytes.integer(at: 7, as: UInt8.self)
    else { throw .headerCut(needed: 2, available: bytes.count - 6) }
    guard (1...3).contains(major), minor == 0 else { throw .version(Int(major), Int(minor)) }
    let start = major == 1 ? 10 : 12
    let length =
      major == 1
      ? bytes.integer(at: 8, as: UInt16.self).map(Int.init)
      : bytes.integer(at: 8, as: UInt32.self).map(Int.init)
    guard let length else { throw .headerCut(needed: start - 8, available: bytes.count - 8) }
    guard let text = bytes.slice(from: start, count: length) else {
      throw .headerCut(needed: length, available: bytes.count - start)
    }
    guard length <= longest else { throw .headerSyntax("it is \(length) bytes long") }
    var literal = PythonLiteral(text: text.array)
    return (try NPYHeader(try literal.dictionary()), start + length)
  }

  init(type: ElementType, shape: [Int]) {
    self.type = type
    self.shape = shape
  }

  private init(_ fields: [String: PythonLiteral.Value]) throws(NPYError) {
    func field(_ name: String) throws(NPYError) -> PythonLiteral.Value {
      guard let value = fields[name] else { throw .missingKey(name) }
      return value
    }
    let descr = try field("descr")
    guard case .bool(let isFortranOrder) = try field("fortran_order") else {
      throw .headerSyntax("'fortran_order' is neither True nor False")
    }
    guard case .tuple(let extents) = try field("shape") else {
      throw .headerSyntax("'shape' is no tuple")
    }
    guard fields.count == 3 else {
      throw .headerSyntax("it has \(fields.count) keys instead of 3")
    }
    guard case .text(let descr) = descr else { throw .elementType("a structure") }
    (type, isBigEndian) = try Self.elementType(descr)
    self.isFortranOrder = isFortranOrder
    shape = extents
  }

  /// "<f4" → float32 and whether the bytes are swapped.
  static func elementType(_ descr: String) throws(NPYError) -> (ElementType, isBigEndian: Bool) {
    guard let order = descr.first, "<>|=".contains(order) else { throw .elementType(descr) }
    let code = String(descr.dropFirst())
    if code.hasPrefix("O") { throw .objects }
    guard let type = elementType(code: code) else { throw .elementType(descr) }
    return (type, order == ">")
  }

  /// "f4" → float32.
  static func elementType(code: String) -> ElementType? {
    switch code {
    case "f8": .float64
    case "f4": .float32
    case "f2": .float16
    case "i8": .int64
    case "i4": .int32
    case "i2": .int16
    case "i1": .int8
    case "u8": .uint64
    case "u4": .uint32
    case "u2": .uint16
    case "u1": .uint8
    case "b1": .bool
    default: nil
    }
  }

  /// The bytes before the data, format 1.0, padded so that the data begins at a multiple of 64.
  var encoded: [UInt8] {
    let code =
      switch type {
      case .float64: "<f8"
      case .float32: "<f4"
      case .float16: "<f2"
      case .int64: "<i8"
      case .int32: "<i4"
      case .int16: "<i2"
      case .int8: "|i1"
      case .uint64: "<u8"
      case .uint32: "<u4"
      case .uint16: "<u2"
      case .uint8: "|u1"
      case .bool: "|b1"
      case .bfloat16: preconditionFailure("NumPy has no bfloat16")
      }
    let extents = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    let order = isFortranOrder ? "True" : "False"
    var text = "{'descr': '\(code)', 'fortran_order': \(order), 'shape': (\(extents)), }"
    text += String(repeating: " ", count: 63 - (10 + text.utf8.count) % 64) + "\n"
    let length = text.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
      + Array(text.utf8)
  }
}

/// The dictionary literal of a .npy header: texts, truth values, tuples of integers, nothing else.
struct PythonLiteral {
  enum Value: Hashable {
    case text(String)
    case bool(Bool)
    case tuple([Int])
    /// A list, as structured element types have; its content is skipped, not read.
    case other
  }

  let text: [UInt8]
  private var at = 0

  init(text: [UInt8]) { self.text = text }

  private func failure(_ expected: String) -> NPYError {
    .headerSyntax("\(expected) expected at byte \(at)")
  }

  private mutating func skipSpace() {
    while at < text.count, [0x20, 0x0a, 0x09, 0x0d].contains(text[at]) { at += 1 }
  }

  private mutating func take(_ word: String) -> Bool {
    skipSpace()
    guard text[at...].starts(with: word.utf8) else { return false }
    at += word.utf8.count
    return true
  }

  mutating func dictionary() throws(NPYError) -> [String: Value] {
    guard take("{") else { throw failure("'{'") }
    var fields: [String: Value] = [:]
    while !take("}") {
      let key = try string()
      guard take(":") else { throw failure("':'") }
      guard fields.updateValue(try value(), forKey: key) == nil else {
        throw .headerSyntax("'\(key)' appears twice")
      }
      if !take(",") {
        guard take("}") else { throw failure("',' or '}'") }
        break
      }
    }
    skipSpace()
    guard at == text.count else { throw failure("the end") }
    return fields
  }

  private mutating func string() throws(NPYError) -> String {
    skipSpace()
    guard at < text.count, text[at] == UInt8(ascii: "'") || text[at] == UInt8(ascii: "\"") else {
      throw failure("a quoted text")
    }
    let quote = text[at]
    guard let end = text[(at + 1)...].firstIndex(of: quote),
      case let inside = text[(at + 1)..<end],
      inside.allSatisfy({ (0x20..<0x7f).contains($0) && $0 != UInt8(ascii: "\\") })
    else { throw failure("a plain quoted text") }
    at = end + 1
    return String(decoding: inside, as: UTF8.self)
  }

  private mutating func value() throws(NPYError) -> Value {
    if take("True") { return .bool(true) }
    if take("False") { return .bool(false) }
    if take("(") { return .tuple(try integers()) }
    skipSpace()
    if at < text.count, text[at] == UInt8(ascii: "[") {
      try skipList()
      return .other
    }
    return .text(try string())
  }

  private mutating func integers() throws(NPYError) -> [Int] {
    var values: [Int] = []
    while !take(")") {
      guard values.count < 32 else { throw .headerSyntax("more than 32 dimensions") }
      skipSpace()
      let start = at
      if at < text.count, text[at] == UInt8(ascii: "-") { at += 1 }
      while at < text.count, (0x30...0x39).contains(text[at]) { at += 1 }
      guard let value = Int(String(decoding: text[start..<at], as: UTF8.self)) else {
        at = start
        throw failure("an integer")
      }
      // Python 2 wrote long integers with an L.
      _ = take("L")
      values.append(value)
      if !take(",") {
        guard take(")") else { throw failure("',' or ')'") }
        break
      }
    }
    return values
  }

  /// Skips a bracketed list by counting brackets outside quotes.
  private mutating func skipList() throws(NPYError) {
    var depth = 0
    while at < text.count {
      switch text[at] {
      case UInt8(ascii: "["), UInt8(ascii: "("): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: ")"): depth -= 1
      case UInt8(ascii: "'"):
        _ = try string()
        continue
      default: break
      }
      at += 1
      if depth == 0 { return }
    }
    throw failure("']'")
  }
}
