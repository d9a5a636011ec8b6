package import Files
package import Tensors

/// Named tensors over the bytes of a file or of embedded data: found at once, decoded when asked
/// for, never executed.
///
/// Members of nested dictionaries and lists are named by their path: `g_ema/conv1.conv.weight`.
package struct Checkpoint: Sendable {
  /// The file, or the name given to embedded data.
  package let source: String
  package let kind: ContentKind
  /// In the order of the file.
  package let names: [String]
  /// The free texts of a safetensors file.
  package let metadata: [String: String]
  private let content: Content

  private enum Content: Sendable {
    case views([String: TensorView])
    case npz(NPZArchive)
  }

  /// Opens a file of tensors: safetensors, .npy, .npz, PyTorch's .pt in both forms, or a pickle of
  /// plain containers and NumPy arrays. What it is is told by its content, never by its name.
  package static func open(path: String) throws(CheckpointError) -> Checkpoint {
    try Checkpoint(try CheckpointError.map(path).bytes, name: path)
  }

  /// - Parameters:
  ///   - bytes: the whole file; kept alive, not copied.
  ///   - name: what errors call it.
  package init(_ bytes: Bytes, name: String) throws(CheckpointError) {
    source = name
    kind = ContentKind(bytes)
    var metadata: [String: String] = [:]
    switch kind {
    case .safetensors:
      do {
        let file = try Safetensors(bytes)
        names = file.names
        metadata = file.metadata
        content = .views(file.views)
      } catch { throw CheckpointError(name, .safetensors(error)) }
    case .npy:
      do {
        let (header, dataOffset) = try NPYHeader.parse(bytes)
        _ = try NPYArray(bytes)
        let data = bytes.slice(from: dataOffset, count: bytes.count - dataOffset)!
        content = .views(["array": try NPYArray.view(header, data: data)])
        names = ["array"]
      } catch { throw CheckpointError(name, .npy(error)) }
    case .zip where Self.isNPZ(bytes):
      let archive = try NPZArchive(bytes, source: name)
      names = archive.names
      content = .npz(archive)
    case .zip, .pickle:
      var tree = TensorTree(source: name)
      if kind == .zip || LegacyTorchStream.isStream(bytes) {
        do {
          let archive = try TorchArchive(bytes)
          tree = TensorTree(source: name, torch: archive.tensors)
          try tree.collect(archive.root)
        } catch let error as TorchError {
          throw CheckpointError(name, .torch(error))
        } catch let error as CheckpointError {
          throw error
        } catch { preconditionFailure("no other error is thrown here") }
      } else {
        do {
          try tree.collect(try PickleView(bytes, vocabulary: .torch))
        } catch let error as PickleError {
          throw CheckpointError(name, .pickle(error))
        } catch let error as CheckpointError {
          throw error
        } catch { preconditionFailure("no other error is thrown here") }
      }
      names = tree.names
      content = .views(tree.views)
    default: throw CheckpointError(name, .notACheckpoint(kind))
    }
    self.metadata = metadata
  }

  private static func isNPZ(_ bytes: Bytes) -> Bool {
    guard let zip = try? ZipArchive(bytes) else { return false }
    return zip.entries.contains { $0.name.hasSuffix(".npy") }
  }

  /// Element type and shape as stored, nil where there is no such tensor.
  package func entry(_ name: String) -> (type: ElementType, shape: [Int])? {
    switch content {
    case .views(let views): views[name].map { ($0.type, $0.shape) }
    case .npz(let archive): try? archive.describe(name)
    }
  }

  /// The tensor, decoded to float32 now.
  package func tensor(_ name: String) throws(CheckpointError) -> Tensor {
    switch content {
    case .views(let views):
      guard let view = views[name] else { throw CheckpointError(source, .missing(name)) }
      return view.tensor()
    case .npz(let archive): return try archive.array(name).tensor
    }
  }

  /// The tensor where it lies, nil where there is none or it must be inflated first.
  package func view(_ name: String) -> TensorView? {
    if case .views(let views) = content { views[name] } else { nil }
  }
}

/// Walks nested containers and collects the tensors in them.
private struct TensorTree {
  let source: String
  let torch: TorchTensors
  var names: [String] = []
  var views: [String: TensorView] = [:]

  /// Real checkpoints nest three or four deep.
  private static let deepest = 16

  init(source: String, torch: TorchTensors = TorchTensors()) {
    self.source = source
    self.torch = torch
  }

  mutating func collect(_ root: PickleView) throws(CheckpointError) {
    // Values still to look at, last first; a container is entered once, so cycles end.
    var waiting: [(path: String, depth: Int, value: PickleView)] = [("", 0, root)]
    var entered: Set<Int> = []
    while let (path, depth, value) = waiting.popLast() {
      if let view = try tensor(value, at: path) {
        let name = path.isEmpty ? "array" : path
        if views.updateValue(view, forKey: name) == nil { names.append(name) }
        continue
      }
      guard depth < Self.deepest else { continue }
      let children: [(String, PickleView)]
      if let entries = value.entries {
        children = entries.map { ($0.key.text ?? $0.key.integer.map(String.init) ?? "?", $0.value) }
      } else if let elements = value.elements {
        children = elements.enumerated().map { (String($0), $1) }
      } else {
        continue
      }
      guard value.identity.map({ entered.insert($0).inserted }) ?? true else { continue }
      for (key, child) in children.reversed() where child.identity != nil {
        waiting.append((path.isEmpty ? key : path + "/" + key, depth + 1, child))
      }
    }
    guard !names.isEmpty else {
      throw CheckpointError(
        source, .torch(TorchError(.malformed("no tensors in it, only \(root.summary)"))))
    }
  }

  private func tensor(_ value: PickleView, at path: String) throws(CheckpointError) -> TensorView? {
    do {
      if let view = try torch.tensor(value) { return view }
      return try NumPyObjects.array(value)
    } catch let error as TorchError {
      throw CheckpointError(source, .torch(error), name: path)
    } catch let error as NumPyObjectError {
      throw CheckpointError(source, .numpy(error), name: path)
    } catch { preconditionFailure("no other error is thrown here") }
  }
}
