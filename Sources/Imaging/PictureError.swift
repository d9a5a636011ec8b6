/// Why bytes from outside are no picture we can use.
package enum PictureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are of some other kind.
  case otherFormat(expected: String)
  /// The bytes are of a kind that photos are not read from.
  case notPhoto(found: String)
  /// The format is right, the content is not.
  case damaged(format: String, reason: String)
  /// More pixels than the reader was allowed.
  case tooLarge(width: Int, height: Int, pixelLimit: Int)
  /// Of a kind that must be held in memory as a whole to be read.
  case needsMemory(format: String, width: Int, height: Int, megabytes: Int)

  package var description: String {
    switch self {
    case .otherFormat(let expected): "not a \(expected) picture"
    case .notPhoto(let found):
      "\(found); photos are read from JPEG, PNG, WebP and PPM files: convert it first"
    case .damaged(let format, let reason): "damaged \(format) picture: \(reason)"
    case .tooLarge(let width, let height, let limit):
      "a picture of \(width)x\(height) pixels is larger than the \(limit) pixels allowed"
    case .needsMemory(let format, let width, let height, let megabytes):
      "\(format) picture of \(width)x\(height) pixels needs \(megabytes) MB at once: make it smaller, "
        + "or save it as a baseline JPEG"
    }
  }
}
