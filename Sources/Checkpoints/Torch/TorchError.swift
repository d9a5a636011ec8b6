package struct TorchError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Problem: Hashable, Sendable {
    case pickle(PickleError)
    case zip(ZipError)
    case tensor(TensorViewError)
    case magic
    case protocolVersion(Int?)
    case streamCut(what: String, needed: Int, available: Int)
    case storageKind(String)
    case storageCount(key: String, claimed: Int, found: Int)
    case storageMissing(key: String)
    case malformed(String)
    case byteOrder(String)
    case notTorch(members: [String])
    case torchScript
  }
  package let problem: Problem
  init(_ problem: Problem) { self.problem = problem }

  package var description: String {
    switch problem {
    case .pickle(let error): error.description
    case .zip(let error): error.description
    case .tensor(let error): error.description
    case .magic: "the PyTorch stream does not begin with its magic number"
    case .protocolVersion(let version):
      "the PyTorch stream has protocol version \(version.map(String.init) ?? "?"), expected 1001"
    case .streamCut(let what, let needed, let available):
      "the PyTorch stream is cut off: \(what) needs \(needed) bytes, \(available) are left"
    case .storageKind(let name): "storage of kind \(name) is not read"
    case .storageCount(let key, let claimed, let found):
      "storage \(key) holds \(found) elements, the pickle says \(claimed)"
    case .storageMissing(let key): "storage \(key) is not in the file"
    case .malformed(let what): "malformed PyTorch data: \(what)"
    case .byteOrder(let order): "byte order \"\(order)\" is unknown"
    case .notTorch(let members):
      "the zip archive is no PyTorch checkpoint: it has no data.pkl, but \(members.isEmpty ? "nothing" : members.joined(separator: ", "))"
    case .torchScript:
      "it is a TorchScript program, not a checkpoint; only files written by torch.save are read"
    }
  }
}
