/// Why bytes from outside are no picture we can use.
package enum PictureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The bytes are of some other kind.
  case otherFormat(expected: String)
  /// The format is right, the content is not.
  case damaged(format: String, reason: String)
  /// More pixels than the reader was allowed.
  case tooLarge(width: Int, height: Int, pixelLimit: Int)

  package var description: String {
    switch self {
    case .otherFormat(let expected): "not a \(expected) picture"
    case .damaged(let format, let reason): "damaged \(format) picture: \(reason)"
    case .tooLarge(let width, let height, let limit):
      "a picture of \(width)x\(height) pixels is larger than the \(limit) pixels allowed"
    }
  }
}
