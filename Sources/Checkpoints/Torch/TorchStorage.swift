import Files

/// A flat run of numbers that tensors are windows of.
struct TorchStorage: Sendable {
  let type: ElementType
  let bytes: Bytes
  let isBigEndian: Bool

  /// What a pickle says of a storage in the tuple
  /// ('storage', class, key, location, element count[, view]).
  struct Reference: Sendable {
    let type: ElementType
    let key: String
    let count: Int
    /// A window of another storage, as very old files have: (key, first element, count).
    let window: (key: String, offset: Int, count: Int)?

    init(_ id: PickleView?) throws(TorchError) {
      guard let parts = id?.elements, parts.count >= 5, parts[0].text == "storage" else {
        throw TorchError(
          .malformed("a reference that is no storage but \(id?.summary ?? "nothing")"))
      }
      guard let kind = parts[1].global else {
        throw TorchError(.malformed("a storage without a kind"))
      }
      type = try Self.elementType(kind)
      guard let key = parts[2].text ?? parts[2].integer.map(String.init), key.utf8.count <= 256
      else { throw TorchError(.malformed("a storage without a key")) }
      self.key = key
      guard let count = parts[4].integer, count >= 0, count <= Int.max / 8 else {
        throw TorchError(.malformed("storage \(key) has an impossible element count"))
      }
      self.count = count
      if parts.count > 5, let view = parts[5].elements, view.count == 3,
        let name = view[0].text, let offset = view[1].integer, let size = view[2].integer
      {
        window = (name, offset, size)
      } else {
        window = nil
      }
    }

    private static func elementType(_ kind: String) throws(TorchError) -> ElementType {
      let name = kind.split(separator: ".").last.map(String.init) ?? kind
      guard kind.hasPrefix("torch."), name.hasSuffix("Storage") else {
        throw TorchError(.storageKind(kind))
      }
      switch name.dropLast("Storage".count) {
      case "Double": return .float64
      case "Float": return .float32
      case "Half": return .float16
      case "BFloat16": return .bfloat16
      case "Long": return .int64
      case "Int": return .int32
      case "Short": return .int16
      case "Char": return .int8
      case "Byte": return .uint8
      case "Bool": return .bool
      default: throw TorchError(.storageKind(kind))
      }
    }
  }
}
