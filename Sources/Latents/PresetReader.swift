import FoundationEssentials

/// A value inside a preset and the way to it, so that each complaint can name its field.
struct PresetReader {
  let file: String
  /// `edits[2].strength`; empty for the whole document.
  let path: String
  let value: JSONDocument
  /// What the whole document is called.
  var whole = "the preset"

  // MARK: Members

  func optionalMember(_ key: String) throws(PresetError) -> PresetReader? {
    guard case .object(let object) = value else { throw wrongType(expected: "an object") }
    return object[key].map { member(key, $0) }
  }

  func requiredMember(_ key: String) throws(PresetError) -> PresetReader {
    guard let found = try optionalMember(key) else {
      throw PresetError(
        file: file, reason: .missingField(path.isEmpty ? key : "\(path).\(key)"))
    }
    return found
  }

  /// nil where the member is missing or null.
  func nullableMember(_ key: String) throws(PresetError) -> PresetReader? {
    guard let found = try optionalMember(key), found.value != .null else { return nil }
    return found
  }

  func elements() throws(PresetError) -> [PresetReader] {
    guard case .array(let elements) = value else { throw wrongType(expected: "a list") }
    return elements.enumerated().map {
      PresetReader(
        file: file, path: "\(path)[\($0.offset)]", value: $0.element, whole: whole)
    }
  }

  private func member(_ key: String, _ value: JSONDocument) -> PresetReader {
    PresetReader(
      file: file, path: path.isEmpty ? key : "\(path).\(key)", value: value, whole: whole)
  }

  // MARK: Scalars

  func text() throws(PresetError) -> String {
    guard case .string(let text) = value else { throw wrongType(expected: "text") }
    return text
  }

  func finite() throws(PresetError) -> Float {
    guard case .number(let literal) = value else { throw wrongType(expected: "a number") }
    guard let number = Float(literal), number.isFinite else {
      throw PresetError(file: file, reason: .notFinite(field: path))
    }
    return number
  }

  func finiteDouble() throws(PresetError) -> Double {
    guard case .number(let literal) = value else { throw wrongType(expected: "a number") }
    guard let number = Double(literal), number.isFinite else {
      throw PresetError(file: file, reason: .notFinite(field: path))
    }
    return number
  }

  func flag() throws(PresetError) -> Bool {
    guard case .bool(let flag) = value else { throw wrongType(expected: "true or false") }
    return flag
  }

  func whole<Integer: FixedWidthInteger>(
    _ range: ClosedRange<Integer>
  ) throws(PresetError) -> Integer {
    guard case .number(let literal) = value else { throw wrongType(expected: "a number") }
    guard let number = Integer(literal), range.contains(number) else {
      throw invalid(
        "\(literal.prefix(24)) is not a whole number from \(range.lowerBound) to "
          + "\(range.upperBound)")
    }
    return number
  }

  func layerRange() throws(PresetError) -> LayerRange {
    let text = try text()
    do {
      return try LayerRange(parsing: text)
    } catch {
      throw invalid(error.description)
    }
  }

  /// Finite little-endian float32 values in base64.
  func floats() throws(PresetError) -> [Float] {
    guard let data = Data(base64Encoded: try text()) else { throw invalid("not base64") }
    guard data.count % 4 == 0, !data.isEmpty else {
      throw invalid("\(data.count) bytes are not a list of float32 values")
    }
    let bytes = Array(data)
    let values = stride(from: 0, to: bytes.count, by: 4).map { start in
      Float(
        bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
    }
    guard values.allSatisfy(\.isFinite) else {
      throw PresetError(file: file, reason: .notFinite(field: path))
    }
    return values
  }

  // MARK: Errors

  func wrongType(expected: String) -> PresetError {
    PresetError(
      file: file,
      reason: .wrongType(
        field: path.isEmpty ? whole : path, found: value.kind, expected: expected))
  }

  func invalid(_ problem: String) -> PresetError {
    PresetError(file: file, reason: .invalidValue(field: path, problem: problem))
  }
}
