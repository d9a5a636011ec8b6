package import Checkpoints
package import Files

/// Why a data set cannot be written or read.
package enum DatasetError: Error, Sendable, CustomStringConvertible {
  case file(FileError)
  case archive(CheckpointError)
  /// The folder holds a set made with other settings.
  case otherSet(path: String, what: String, found: String, expected: String)
  case malformed(path: String, reason: String)
  /// No `set.json`.
  case absent(folder: String)
  case pictureOutside(index: Int, count: Int)

  package var description: String {
    switch self {
    case .file(let error): error.description
    case .archive(let error): error.description
    case .otherSet(let path, let what, let found, let expected):
      "\(path): the folder holds a set whose \(what) is \(found), not \(expected); choose another folder"
    case .malformed(let path, let reason): "\(path): \(reason)"
    case .absent(let folder): "\(folder): no set.json in it, so no data set"
    case .pictureOutside(let index, let count):
      "picture \(index) is not in the set, which has \(count)"
    }
  }
}
