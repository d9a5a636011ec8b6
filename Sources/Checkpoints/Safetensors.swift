package import Files
package import Tensors

package enum SafetensorsError: Error, Hashable, Sendable, CustomStringConvertible {
  case tooShort(Int)
  case headerLength(UInt64, available: Int)
  case headerTooLong(Int)
  case json(JSONError)
  case notObject(String)
  case entry(String, String)
  case elementType(String, String)
  case offsets(String, begin: Int, end: Int)
  case outside(String, end: Int, available: Int)
  case size(String, shape: [Int], type: ElementType, found: Int)
  case overlap(String, String)
  case hole(before: String, bytes: Int)
  case surplus(Int)
  case tensor(String, TensorViewError)

  package var description: String {
    switch self {
    case .tooShort(let count): "no safetensors file: only \(count) bytes long"
    case .headerLength(let length, let available):
      "the safetensors header claims \(length) bytes, the file has \(available) after it"
    case .headerTooLong(let length):
      "the safetensors header claims \(length) bytes, more than any model needs"
    case .json(let error): "the safetensors header is damaged: \(error)"
    case .notObject(let kind): "the safetensors header is \(kind), not an object"
    case .entry(let name, let what): "\"\(name)\" in the safetensors header: \(what)"
    case .elementType(let name, let type): "\"\(name)\" has the unknown element type \(type)"
    case .offsets(let name, let begin, let end):
      "\"\(name)\" lies from \(begin) to \(end): no valid range"
    case .outside(let name, let end, let available):
      "\"\(name)\" ends at byte \(end) of \(available): the file is cut off or damaged"
    case .size(let name, let shape, let type, let found):
      "\"\(name)\" of shape \(shape) in \(type) does not fit its \(found) bytes"
    case .overlap(let a, let b): "\"\(a)\" and \"\(b)\" overlap"
    case .hole(let name, let bytes): "\(bytes) bytes before \"\(name)\" belong to no tensor"
    case .surplus(let bytes): "\(bytes) bytes after the last tensor belong to none"
    case .tensor(let name, let error): "\"\(name)\": \(error)"
    }
  }
}

/// A safetensors file: a JSON header, then tensors that tile the rest without holes or overlaps.
package struct Safetensors: Sendable {
  /// Names in the order of the data.
  package let names: [String]
  package let metadata: [String: String]
  package let views: [String: TensorView]
  /// Where the data begins: after the length and the header.
  package let dataOffset: Int
  /// Tensors whose data is not all there, in a file that was read in spite of that.
  package let cutNames: [String]

  /// Headers are a few hundred bytes per tensor; the format itself allows 100 MB.
  private static let longestHeader = 32 << 20

  package init(_ bytes: Bytes) throws(SafetensorsError) {
    try self.init(bytes, mayBeCut: false)
  }

  /// What is left of a file that was cut off.
  package init(salvaging bytes: Bytes) throws(SafetensorsError) {
    try self.init(bytes, mayBeCut: true)
  }

  private init(_ bytes: Bytes, mayBeCut: Bool) throws(SafetensorsError) {
    guard let length = bytes.integer(at: 0, as: UInt64.self) else { throw .tooShort(bytes.count) }
    guard length <= UInt64(bytes.count - 8), let header = bytes.slice(from: 8, count: Int(length))
    else { throw .headerLength(length, available: bytes.count - 8) }
    guard header.count <= Self.longestHeader else { throw .headerTooLong(header.count) }
    let json: JSONValue
    do {
      json = try JSONValue(parsing: header.array)
    } catch { throw .json(error) }
    guard let members = json.members else { throw .notObject(json.kind) }
    // The header was just read from these bytes.
    let data = bytes.slice(from: 8 + header.count, count: bytes.count - 8 - header.count)!

    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    for member in members {
      if member.key == "__metadata__" {
        guard let pairs = member.value.members else {
          throw .entry(member.key, "it is \(member.value.kind), not an object")
        }
        for pair in pairs {
          guard let text = pair.value.string else {
            throw .entry(member.key, "\"\(pair.key)\" is \(pair.value.kind), not a text")
          }
          metadata[pair.key] = text
        }
      } else {
        entries.append(try Entry(member, available: mayBeCut ? Int.max : data.count))
      }
    }
    entries.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var end = 0
    var views: [String: TensorView] = [:]
    var cut: [String] = []
    for (index, entry) in entries.enumerated() {
      if entry.begin < end { throw .overlap(entries[max(index - 1, 0)].name, entry.name) }
      if entry.begin > end { throw .hole(before: entry.name, bytes: entry.begin - end) }
      end = entry.end
      guard end <= data.count else {
        cut.append(entry.name)
        continue
      }
      // Entry has checked the range against the data.
      let storage = data.slice(from: entry.begin, count: entry.end - entry.begin)!
      do {
        views[entry.name] = try TensorView(
          storage: storage, type: entry.type, shape: entry.shape)
      } catch { throw .tensor(entry.name, error) }
    }
    guard end >= data.count else { throw .surplus(data.count - end) }
    cutNames = cut
    dataOffset = 8 + header.count
    names = entries.map(\.name)
    self.metadata = metadata
    self.views = views
  }

  private struct Entry {
    let name: String
    let type: ElementType
    let shape: [Int]
    let begin: Int
    let end: Int

    init(_ member: JSONValue.Member, available: Int) throws(SafetensorsError) {
      name = member.key
      guard let fields = member.value.members else {
        throw .entry(name, "it is \(member.value.kind), not an object")
      }
      guard let code = member.value["dtype"]?.string else { throw .entry(name, "no dtype") }
      guard let type = ElementType(safetensors: code) else { throw .elementType(name, code) }
      self.type = type
      guard let extents = member.value["shape"]?.array, extents.count <= 32 else {
        throw .entry(name, "no shape")
      }
      shape = extents.compactMap(\.integer)
      guard shape.count == extents.count, shape.allSatisfy({ $0 >= 0 }) else {
        throw .entry(name, "its shape is not made of counts")
      }
      guard let offsets = member.value["data_offsets"]?.array, offsets.count == 2,
        let begin = offsets[0].integer, let end = offsets[1].integer
      else { throw .entry(name, "no pair of data_offsets") }
      guard fields.count == 3 else { throw .entry(name, "unknown fields") }
      guard begin >= 0, end >= begin else { throw .offsets(name, begin: begin, end: end) }
      guard end <= available else { throw .outside(name, end: end, available: available) }
      let count: Int
      do {
        count = try TensorView.elementCount(shape)
      } catch { throw .tensor(name, error) }
      guard count * type.byteCount == end - begin else {
        throw .size(name, shape: shape, type: type, found: end - begin)
      }
      self.begin = begin
      self.end = end
    }
  }

  // MARK: Writing

  /// Writes tensors in the order given, complete or not at all.
  /// - Parameter type: how elements are stored, `float32` or `float16` (rounded to nearest even).
  /// - Precondition: no name appears twice, and none is "__metadata__".
  package static func save(
    _ tensors: [(name: String, tensor: Tensor)], as type: ElementType = .float32,
    metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    try save(tensors.map { ($0.name, $0.tensor, type) }, metadata: metadata, to: path)
  }

  /// Writes tensors, each in an element type of its own: `float32` or `float16`.
  package static func save(
    _ tensors: [(name: String, tensor: Tensor, type: ElementType)],
    metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    var writer = try SafetensorsWriter(
      tensors.map { .init(name: $0.name, shape: $0.tensor.shape, type: $0.type) },
      metadata: metadata, to: path)
    for (_, tensor, _) in tensors { try writer.append(tensor) }
    try writer.commit()
  }
}

extension ElementType {
  /// The code of a safetensors header.
  init?(safetensors code: String) {
    switch code {
    case "F64": self = .float64
    case "F32": self = .float32
    case "F16": self = .float16
    case "BF16": self = .bfloat16
    case "I64": self = .int64
    case "I32": self = .int32
    case "I16": self = .int16
    case "I8": self = .int8
    case "U64": self = .uint64
    case "U32": self = .uint32
    case "U16": self = .uint16
    case "U8": self = .uint8
    case "BOOL": self = .bool
    default: return nil
    }
  }
}
