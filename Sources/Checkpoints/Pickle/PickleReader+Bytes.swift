import Files

/// Numbers, texts and ranges of bytes, each checked against what is left of the file.
extension PickleReader {
  mutating func integer<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type, _ opcode: PickleOpcode
  ) throws(PickleError) -> T {
    guard let value = source.integer(at: position, as: T.self) else {
      throw failure(
        .cut(what: opcode.name, needed: T.bitWidth / 8, available: source.count - position))
    }
    position += T.bitWidth / 8
    return value
  }

  mutating func length<T: FixedWidthInteger & BitwiseCopyable>(
    _ type: T.Type, _ opcode: PickleOpcode
  ) throws(PickleError) -> Int {
    Int(clamping: try integer(type, opcode))
  }

  mutating func take(_ count: Int, _ opcode: PickleOpcode) throws(PickleError)
    -> PickleRange
  {
    guard count <= source.count - position else {
      throw failure(.cut(what: opcode.name, needed: count, available: source.count - position))
    }
    defer { position += count }
    return PickleRange(offset: position, count: count)
  }

  /// The bytes up to the next line feed, without it.
  mutating func line(_ opcode: PickleOpcode) throws(PickleError) -> PickleRange {
    var end = position
    while end < source.count, source[end] != 0x0a { end += 1 }
    guard end < source.count else {
      throw failure(.cut(what: opcode.name, needed: end - position + 1, available: end - position))
    }
    defer { position = end + 1 }
    return PickleRange(offset: position, count: end - position)
  }

  func bytes(_ range: PickleRange) -> Bytes {
    // Only ranges of the source or of `decoded` are ever made.
    range.offset < source.count
      ? source.slice(from: range.offset, count: range.count)!
      : Bytes(Array(decoded[(range.offset - source.count)...].prefix(range.count)))
  }

  /// A line that must be short and UTF-8: a number or a name.
  func plainText(_ range: PickleRange) throws(PickleError) -> String {
    guard range.count <= 4096, let text = String(validating: bytes(range).array, as: UTF8.self)
    else { throw failure(.notUTF8) }
    return text
  }

  func text(_ value: PickleValue) -> String? {
    switch value {
    case .text(let range), .rawText(let range):
      range.count <= 4096 ? String(validating: bytes(range).array, as: UTF8.self) : nil
    default: nil
    }
  }

  mutating func pushText(_ count: Int, _ opcode: PickleOpcode) throws(PickleError) {
    let range = try take(count, opcode)
    let isValid = unsafe bytes(range).withUnsafeBytes { buffer in
      let span = unsafe Span<UInt8>(_unsafeElements: buffer.bindMemory(to: UInt8.self))
      return (try? UTF8Span(validating: span)) != nil
    }
    guard isValid else { throw failure(.notUTF8) }
    try push(.text(range))
  }

  mutating func pushLong(_ count: Int, _ opcode: PickleOpcode) throws(PickleError) {
    let range = try take(count, opcode)
    guard count <= 8 else { return try push(.wideInteger(range)) }
    var value = 0
    for i in 0..<count { value |= Int(source[range.offset + i]) << (8 * i) }
    // The last byte's top bit is the sign.
    if count > 0, count < 8, source[range.offset + count - 1] >= 0x80 { value -= 1 << (8 * count) }
    try push(.integer(value))
  }

  mutating func pushNumber(
    _ line: PickleRange, _ opcode: PickleOpcode
  ) throws(PickleError) {
    var text = try plainText(line)
    if opcode == .int, text == "01" { return try push(.bool(true)) }
    if opcode == .int, text == "00" { return try push(.bool(false)) }
    if opcode == .float {
      guard let value = Double(text) else { throw failure(.badNumber(text)) }
      return try push(.double(value))
    }
    if opcode == .long, text.hasSuffix("L") { text.removeLast() }
    guard let value = Int(text) else { throw failure(.badNumber(text)) }
    try push(.integer(value))
  }

  // MARK: Escapes of protocol 0

  mutating func keep(_ bytes: [UInt8]) -> PickleRange {
    defer { decoded.append(contentsOf: bytes) }
    return PickleRange(offset: source.count + decoded.count, count: bytes.count)
  }

  /// STRING: a quoted Python literal.
  mutating func unescapedString(_ line: PickleRange) throws(PickleError) -> PickleRange {
    let text = bytes(line).array
    guard text.count >= 2, let quote = text.first, quote == text.last,
      quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"")
    else { throw failure(.notText("STRING")) }
    var out: [UInt8] = []
    var rest = text[1..<(text.count - 1)]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        out.append(byte)
        continue
      }
      guard let escape = rest.popFirst() else { throw failure(.notText("STRING")) }
      switch escape {
      case UInt8(ascii: "n"): out.append(10)
      case UInt8(ascii: "r"): out.append(13)
      case UInt8(ascii: "t"): out.append(9)
      case UInt8(ascii: "b"): out.append(8)
      case UInt8(ascii: "f"): out.append(12)
      case UInt8(ascii: "v"): out.append(11)
      case UInt8(ascii: "a"): out.append(7)
      case UInt8(ascii: "x"):
        guard rest.count >= 2,
          let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
        else { throw failure(.notText("STRING")) }
        rest.removeFirst(2)
        out.append(value)
      case UInt8(ascii: "0")...UInt8(ascii: "7"):
        var value = Int(escape & 7)
        for _ in 0..<2 {
          guard let digit = rest.first, (0x30...0x37).contains(digit) else { break }
          value = value * 8 + Int(digit & 7)
          rest.removeFirst()
        }
        out.append(UInt8(truncatingIfNeeded: value))
      default: out.append(escape)
      }
    }
    return keep(out)
  }

  /// UNICODE: Latin-1 with \u and \U escapes.
  mutating func unescapedUnicode(_ line: PickleRange) throws(PickleError) -> PickleRange {
    var rest = bytes(line).array[...]
    var out = String.UnicodeScalarView()
    while let byte = rest.popFirst() {
      let digits =
        byte == UInt8(ascii: "\\")
        ? (rest.first == UInt8(ascii: "u") ? 4 : rest.first == UInt8(ascii: "U") ? 8 : 0) : 0
      guard digits > 0 else {
        out.append(Unicode.Scalar(byte))
        continue
      }
      let code = String(decoding: rest.dropFirst().prefix(digits), as: UTF8.self)
      guard code.utf8.count == digits, let value = UInt32(code, radix: 16),
        let scalar = Unicode.Scalar(value)
      else { throw failure(.notUTF8) }
      out.append(scalar)
      rest.removeFirst(1 + digits)
    }
    return keep(Array(String(out).utf8))
  }
}
