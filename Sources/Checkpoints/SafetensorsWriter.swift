import CBytes
package import Files
package import Tensors

/// Writes a safetensors file one tensor after the other, so that a model need not lie in memory;
/// complete or not at all.
package struct SafetensorsWriter: ~Copyable {
  package struct Entry: Hashable, Sendable {
    package let name: String
    package let shape: Shape
    /// `float32` or `float16` (rounded to nearest even).
    package let type: ElementType

    package init(name: String, shape: Shape, type: ElementType) {
      precondition(type == .float32 || type == .float16, "\(type) is not written")
      self.name = name
      self.shape = shape
      self.type = type
    }
  }

  private let entries: [Entry]
  private let file: AtomicFile
  private var written = 0

  /// Writes the header.
  /// - Precondition: no name appears twice, and none is "__metadata__".
  package init(
    _ entries: [Entry], metadata: [String: String] = [:], to path: String
  ) throws(FileError) {
    precondition(
      Set(entries.map(\.name) + ["__metadata__"]).count == entries.count + 1,
      "a tensor name appears twice")
    let header = Self.header(entries, metadata: metadata)
    let file = try AtomicFile(replacing: path)
    try file.append((0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) })
    try file.append(header)
    self.entries = entries
    self.file = file
  }

  /// Padded so that the data begins at a multiple of 64: mapped tensors lie on cache lines.
  private static func header(_ entries: [Entry], metadata: [String: String]) -> [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
      members.append(
        .init("__metadata__", .object(pairs.map { .init($0.key, .string($0.value)) })))
    }
    var offset = 0
    for entry in entries {
      let end = offset + entry.shape.count * entry.type.byteCount
      members.append(
        .init(
          entry.name,
          .object([
            .init("dtype", .string(entry.type == .float32 ? "F32" : "F16")),
            .init("shape", .array(entry.shape.dimensions.map { .integer($0) })),
            .init("data_offsets", .array([.integer(offset), .integer(end)])),
          ])))
      offset = end
    }
    let text = Array(JSONValue.object(members).encoded.utf8)
    return text + [UInt8](repeating: 0x20, count: (64 - (text.count + 8) % 64) % 64)
  }

  /// Writes the next tensor.
  package mutating func append(_ tensor: Tensor) throws(FileError) {
    let entry = entries[written]
    precondition(tensor.shape == entry.shape, "\(entry.name) is \(tensor.shape)")
    written += 1
    try unsafe Self.withStoredBytes(tensor, as: entry.type) { bytes throws(FileError) in
      try unsafe file.append(bytes)
    }
  }

  /// Puts the finished file in its place.
  /// - Precondition: every tensor was written.
  package consuming func commit() throws(FileError) {
    precondition(written == entries.count, "\(entries.count - written) tensors are not written")
    try file.commit()
  }

  /// The bytes that stand in the file for a tensor.
  package static func withStoredBytes<E: Error>(
    _ tensor: Tensor, as type: ElementType, _ body: (UnsafeRawBufferPointer) throws(E) -> Void
  ) throws(E) {
    try unsafe tensor.withUnsafeBuffer { values throws(E) in
      if type == .float32 { return try unsafe body(UnsafeRawBufferPointer(values)) }
      let halves = unsafe [UInt16](unsafeUninitializedCapacity: values.count) { room, count in
        unsafe mien_narrow_f16(values.baseAddress, room.baseAddress, values.count)
        count = values.count
      }
      try unsafe halves.span.bytes.withUnsafeBytes { bytes throws(E) in
        try unsafe body(bytes)
      }
    }
  }
}
