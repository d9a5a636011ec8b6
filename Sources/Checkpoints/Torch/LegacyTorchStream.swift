package import Files

/// What `torch.save` wrote before 1.6, and still writes for each storage inside other pickles:
/// five pickles (magic, version, system, object, storage keys), then each storage's element count
/// and data.
package struct LegacyTorchStream: Sendable {
  package let root: PickleView
  let storages: [String: TorchStorage]

  /// 0x1950a86a20f9469cfc6c as a pickled integer.
  private static let magic: [UInt8] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19]

  /// Whether the bytes begin as such streams do: with a pickle of one ten-byte integer, which
  /// must turn out to be the magic number.
  package static func isStream(_ bytes: Bytes) -> Bool {
    guard let head = bytes.slice(from: 0, count: 15)?.array else { return false }
    return head[0] == 0x80 && head[2] == 0x8a && head[3] == 10 && head[14] == UInt8(ascii: ".")
  }

  package init(_ bytes: Bytes, vocabulary: PickleVocabulary) throws(TorchError) {
    var vocabulary = vocabulary
    vocabulary.allowsPersistentIDs = true
    var reader = Pickles(bytes: bytes, vocabulary: vocabulary)
    guard try reader.next().wideInteger == Self.magic else { throw TorchError(.magic) }
    let version = try reader.next().integer
    guard version == 1001 else { throw TorchError(.protocolVersion(version)) }
    let system = try reader.next()
    let isBigEndian = system["little_endian"]?.bool == false
    root = try reader.next()
    let keys = try reader.next()
    guard let keys = keys.elements else {
      throw TorchError(.malformed("the storage keys are \(keys.summary)"))
    }

    // Types stand in the references, data in the order of the keys.
    var references: [String: TorchStorage.Reference] = [:]
    for node in root.graph.persistents {
      let id = PickleView(graph: root.graph, value: .persistent(node)).persistentID
      let reference = try TorchStorage.Reference(id)
      references[reference.window?.key ?? reference.key] = reference
      references[reference.key] = reference
    }
    var storages: [String: TorchStorage] = [:]
    var at = reader.position
    for key in keys {
      guard let key = key.text ?? key.integer.map(String.init),
        let reference = references[key]
      else { throw TorchError(.malformed("data for a storage nothing refers to")) }
      guard let count = bytes.integer(at: at, as: Int.self) else {
        throw TorchError(
          .streamCut(what: "storage \(key)", needed: 8, available: bytes.count - at))
      }
      guard count == reference.count else {
        throw TorchError(.storageCount(key: key, claimed: reference.count, found: count))
      }
      let size = count * reference.type.byteCount
      guard let data = bytes.slice(from: at + 8, count: size) else {
        throw TorchError(
          .streamCut(what: "storage \(key)", needed: size, available: bytes.count - at - 8))
      }
      storages[key] = TorchStorage(type: reference.type, bytes: data, isBigEndian: isBigEndian)
      at += 8 + size
    }
    for reference in references.values {
      guard let window = reference.window, let base = storages[window.key] else { continue }
      let size = base.type.byteCount
      guard window.offset >= 0, window.count >= 0, window.offset <= Int.max / 8,
        window.count <= Int.max / 8,
        let part = base.bytes.slice(from: window.offset * size, count: window.count * size)
      else { throw TorchError(.malformed("storage \(reference.key) lies outside \(window.key)")) }
      storages[reference.key] = TorchStorage(
        type: base.type, bytes: part, isBigEndian: isBigEndian)
    }
    self.storages = storages
  }

  /// Consecutive pickles.
  private struct Pickles {
    let bytes: Bytes
    let vocabulary: PickleVocabulary
    var position = 0

    init(bytes: Bytes, vocabulary: PickleVocabulary) {
      self.bytes = bytes
      self.vocabulary = vocabulary
    }

    mutating func next() throws(TorchError) -> PickleView {
      var reader = PickleReader(source: bytes, at: position, vocabulary: vocabulary)
      do {
        let value = try reader.read()
        position = reader.position
        return value
      } catch { throw TorchError(.pickle(error)) }
    }
  }
}
