package import Checkpoints
package import Files

/// Why a folder holds no face basis that can be rendered.
package enum FaceKitError: Error, Sendable, CustomStringConvertible {
  /// The folder has no such file.
  case absent(folder: String)
  case file(FileError)
  /// The file is no archive of arrays, or an array of it is damaged or missing.
  case archive(CheckpointError)
  case zip(path: String, ZipError)
  case shape(path: String, array: String, found: String, expected: String)
  case elementType(path: String, array: String, found: String, expected: String)
  /// A number that points outside what it numbers.
  case outside(path: String, array: String, value: Int, limit: Int)
  case notFinite(path: String, array: String)
  /// A part, expression or lash strip that the renderer needs.
  case missing(path: String, what: String)

  package var description: String {
    switch self {
    case .absent(let folder):
      "\(folder): no \(FaceKit.fileName) in it; --facekit names the folder of the ICT-FaceKit basis"
    case .file(let error): error.description
    case .archive(let error): error.description
    case .zip(let path, let error): "\(path): \(error)"
    case .shape(let path, let array, let found, let expected):
      "\(path): \(array) has shape \(found), expected \(expected)"
    case .elementType(let path, let array, let found, let expected):
      "\(path): \(array) holds \(found), expected \(expected)"
    case .outside(let path, let array, let value, let limit):
      "\(path): \(array) holds \(value), which is not below \(limit)"
    case .notFinite(let path, let array): "\(path): \(array) holds numbers that are not finite"
    case .missing(let path, let what): "\(path): it lacks \(what)"
    }
  }
}
