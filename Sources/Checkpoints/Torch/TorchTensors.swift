import Files

/// Recognises tensors among the inert values of a PyTorch pickle.
package struct TorchTensors: Sendable {
  private let storages: [String: TorchStorage]

  /// For pickles whose tensors carry their data along (`_load_from_bytes`).
  package init() { storages = [:] }

  init(storages: [String: TorchStorage]) { self.storages = storages }

  /// The tensor that a value would have been rebuilt to; nil where it is no tensor.
  /// - Throws: where it is one, but its storage is missing, too small or of no number type.
  package func tensor(_ value: PickleView) throws(TorchError) -> TensorView? {
    var value = value
    // A parameter wraps a tensor; anything deeper is not what PyTorch writes.
    for _ in 0..<4 {
      guard let call = value.call else { return nil }
      switch call.name {
      case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state":
        guard let data = call.arguments.first else {
          throw TorchError(.malformed("a parameter without data"))
        }
        value = data
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2":
        return try rebuild(call.arguments)
      default: return nil
      }
    }
    return nil
  }

  /// (storage, offset, size, stride, …)
  private func rebuild(_ arguments: [PickleView]) throws(TorchError) -> TensorView {
    guard arguments.count >= 4, let offset = arguments[1].integer,
      let shape = Self.integers(arguments[2]), let strides = Self.integers(arguments[3])
    else { throw TorchError(.malformed("a tensor without offset, size or stride")) }
    let storage = try storage(arguments[0])
    do {
      return try TensorView(
        storage: storage.bytes, type: storage.type, shape: shape, strides: strides,
        offset: offset, isBigEndian: storage.isBigEndian)
    } catch { throw TorchError(.tensor(error)) }
  }

  private static func integers(_ value: PickleView) -> [Int]? {
    guard let elements = value.elements, elements.count <= 32 else { return nil }
    let integers = elements.compactMap(\.integer)
    return integers.count == elements.count ? integers : nil
  }

  private func storage(_ value: PickleView) throws(TorchError) -> TorchStorage {
    if value.persistentID != nil {
      let reference = try TorchStorage.Reference(value.persistentID)
      guard let storage = storages[reference.key] else {
        throw TorchError(.storageMissing(key: reference.key))
      }
      guard storage.type == reference.type else {
        throw TorchError(.storageKind("\(storage.type) read as \(reference.type)"))
      }
      return storage
    }
    guard let call = value.call, call.name == "torch.storage._load_from_bytes",
      let data = call.arguments.first?.data
    else { throw TorchError(.malformed("a tensor whose storage is \(value.summary)")) }
    // A storage of its own: the stream's object is just the reference to it.
    let stream = try LegacyTorchStream(data, vocabulary: PickleVocabulary([:]))
    guard stream.root.persistentID != nil else {
      throw TorchError(.malformed("a storage stream that holds \(stream.root.summary)"))
    }
    return try TorchTensors(storages: stream.storages).storage(stream.root)
  }
}
