package import Checkpoints
package import Files

/// Why a file is no generator this program can use: one line that names the file, the tensor, what
/// was found and what was expected.
package struct ModelError: Error, Sendable, CustomStringConvertible {
  package enum Problem: Sendable {
    case file(FileError)
    case content(ContentKind)
    case pickle(PickleError)
    case safetensors(SafetensorsError)
    case torch(TorchError)
    case numpy(NumPyObjectError)
    /// A readable file with something else in it.
    case notAGenerator(found: String)
    case otherNetwork(ForeignNetwork)
    case unsupported(String)
    case moduleClass(path: String, found: String, expected: String)
    case persistence(path: String, what: String)
    case configuration(String)
    case missing(name: String)
    case shape(name: String, found: [Int], expected: [Int])
    case elementType(name: String, found: ElementType)
    case notFinite(name: String, value: String, index: Int)
    case tensor(name: String, reason: String)
    /// The tensors are not those that were written.
    case changed(recorded: String, found: String)
  }

  /// The file, or the name of embedded data.
  package let source: String
  package let problem: Problem

  init(_ source: String, _ problem: Problem) {
    self.source = source
    self.problem = problem
  }

  package var description: String {
    // The system's errors name the file themselves.
    if case .file = problem { return reason }
    return "\(source): \(reason)"
  }

  /// The words without the file's name.
  package var reason: String {
    switch problem {
    case .file(let error): error.description
    case .content(let kind): kind.description
    case .pickle(let error): error.description
    case .safetensors(let error): error.description
    case .torch(let error): error.description
    case .numpy(let error): error.description
    case .notAGenerator(let found): "no generator in it: it holds \(found)"
    case .otherNetwork(let network): network.description
    case .unsupported(let what): what
    case .moduleClass(let path, let found, let expected):
      "\(path) is of class \(found), expected \(expected)"
    case .persistence(let path, let what): "\(path): \(what)"
    case .configuration(let what): what
    case .missing(let name): "tensor \(name) is missing"
    case .shape(let name, let found, let expected):
      "tensor \(name) has shape \(found), expected \(expected)"
    case .elementType(let name, let found):
      "tensor \(name) holds \(found) numbers, expected floating-point ones"
    case .notFinite(let name, let value, let index):
      "tensor \(name) holds \(value) at element \(index)"
    case .tensor(let name, let reason): "tensor \(name): \(reason)"
    case .changed(let recorded, let found):
      "it has changed since it was imported: its tensors have the SHA-256 \(found.prefix(12))…, recorded is \(recorded.prefix(12))…"
    }
  }
}
