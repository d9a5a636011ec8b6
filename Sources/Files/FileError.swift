import Glibc

/// A file operation that the system refused.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Operation: String, Hashable, Sendable {
    case open, read, map, create, write, flush, rename, remove
    case makeFolder = "make the folder"
  }

  package let path: String
  package let operation: Operation
  /// The system's words: "No such file or directory".
  package let reason: String
  /// The system's error number, 0 where the refusal is our own (a folder where a file belongs).
  package let code: Int32

  package init(path: String, operation: Operation, code: Int32) {
    self.path = path
    self.operation = operation
    self.code = code
    self.reason = unsafe String(cString: strerror(code))
  }

  package init(path: String, operation: Operation, reason: String) {
    self.path = path
    self.operation = operation
    self.code = 0
    self.reason = reason
  }

  package var isMissing: Bool { code == ENOENT }

  package var description: String { "\(path): cannot \(operation.rawValue): \(reason)" }
}
