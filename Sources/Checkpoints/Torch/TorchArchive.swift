package import Files

/// A file of `torch.save`: the zip form of PyTorch 1.6 and later, or the older stream.
package struct TorchArchive: Sendable {
  package enum Form: String, Sendable { case zip, stream }
  package let form: Form
  package let root: PickleView
  package let tensors: TorchTensors

  /// - Parameter vocabulary: the calls that may occur, `.torch` and what the writer adds.
  package init(_ bytes: Bytes, vocabulary: PickleVocabulary = .torch) throws(TorchError) {
    if ContentKind(bytes) == .zip {
      form = .zip
      (root, tensors) = try Self.readZip(bytes, vocabulary: vocabulary)
    } else {
      form = .stream
      let stream = try LegacyTorchStream(bytes, vocabulary: vocabulary)
      root = stream.root
      tensors = TorchTensors(storages: stream.storages)
    }
  }

  private static func readZip(
    _ bytes: Bytes, vocabulary: PickleVocabulary
  ) throws(TorchError) -> (PickleView, TorchTensors) {
    do {
      let zip = try ZipArchive(bytes)
      // "<root>/data.pkl"; the root is named after the file or "archive".
      guard
        let data = zip.entries.first(where: {
          $0.name.hasSuffix("/data.pkl") && $0.name.split(separator: "/").count == 2
        })
      else {
        throw TorchError(.notTorch(members: zip.entries.prefix(3).map(\.name)))
      }
      let folder = data.name.dropLast("data.pkl".count)
      if zip[folder + "constants.pkl"] != nil { throw TorchError(.torchScript) }
      var isBigEndian = false
      if let entry = zip[folder + "byteorder"] {
        let order = String(decoding: try zip.content(of: entry).array, as: UTF8.self)
        guard order == "little" || order == "big" else { throw TorchError(.byteOrder(order)) }
        isBigEndian = order == "big"
      }
      var vocabulary = vocabulary
      vocabulary.allowsPersistentIDs = true
      let root = try PickleView(try zip.content(of: data), vocabulary: vocabulary)
      var storages: [String: TorchStorage] = [:]
      for node in root.graph.persistents {
        let id = PickleView(graph: root.graph, value: .persistent(node)).persistentID
        let reference = try TorchStorage.Reference(id)
        guard storages[reference.key] == nil else { continue }
        // Keys are names inside the archive, never paths outside it.
        guard let record = zip[folder + "data/" + reference.key] else {
          throw TorchError(.storageMissing(key: reference.key))
        }
        storages[reference.key] = TorchStorage(
          type: reference.type,
          bytes: try zip.content(
            of: record, expecting: reference.count * reference.type.byteCount),
          isBigEndian: isBigEndian)
      }
      return (root, TorchTensors(storages: storages))
    } catch let error as ZipError {
      throw TorchError(.zip(error))
    } catch let error as PickleError {
      throw TorchError(.pickle(error))
    } catch let error as TorchError {
      throw error
    } catch { preconditionFailure("no other error is thrown here") }
  }
}
