package import Files

/// What is wrong with a file of tensors: one line that names the file, the tensor and the reason.
package struct CheckpointError: Error, Sendable, CustomStringConvertible {
  package enum Problem: Sendable {
    case file(FileError)
    case notACheckpoint(ContentKind)
    case zip(ZipError)
    case npy(NPYError)
    case numpy(NumPyObjectError)
    case pickle(PickleError)
    case safetensors(SafetensorsError)
    case torch(TorchError)
    case tensor(TensorViewError)
    case missing(String)
  }

  /// The file, or the name of embedded data.
  package let source: String
  package let problem: Problem
  /// The tensor or member concerned.
  package let name: String?

  init(_ source: String, _ problem: Problem, name: String? = nil) {
    self.source = source
    self.problem = problem
    self.name = name
  }

  package var description: String {
    let place = name.map { "\(source): \($0): " } ?? "\(source): "
    return switch problem {
    case .file(let error): error.description
    case .notACheckpoint(let kind): place + kind.description
    case .zip(let error): place + error.description
    case .npy(let error): place + error.description
    case .numpy(let error): place + error.description
    case .pickle(let error): place + error.description
    case .safetensors(let error): place + error.description
    case .torch(let error): place + error.description
    case .tensor(let error): place + error.description
    case .missing(let name): place + "there is no tensor \"\(name)\""
    }
  }

  /// Maps a file, its error as a checkpoint's.
  static func map(_ path: String) throws(CheckpointError) -> MappedFile {
    do {
      return try MappedFile(path: path)
    } catch { throw CheckpointError(path, .file(error)) }
  }
}
