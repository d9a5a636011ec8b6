package import Checkpoints
package import Files
import StyleGAN

/// Why a file gives no directions, or the library cannot do what was asked: one line that names the
/// file.
package struct DirectionError: Error, Sendable, CustomStringConvertible {
  package enum Reason: Sendable {
    case checkpoint(CheckpointError)
    case file(FileError)
    /// Readable, but not directions.
    case noDirections(found: String)
    /// Numbers that make no vectors.
    case elementType(array: String, ElementType)
    /// `expected` in words.
    case shape(array: String, [Int], expected: String)
    case width(array: String, found: Int, expected: Int, space: Direction.Space)
    case rowCount(array: String, found: Int, expected: Int)
    /// `index` counts in row-major order.
    case notFinite(array: String, index: Int)
    case zero(array: String)
    /// Longer than float32 can say.
    case tooLong(array: String)
    /// The file does not tell and nobody said; `hint` says what it looks like.
    case spaceUnknown(hint: String?)
    /// A description beside the vectors that cannot be understood.
    case description(String)
    /// Absolute editing of W+.
    case absoluteWPlus
    /// Another space was asked for than the file says it is of.
    case otherSpace(asked: Direction.Space, found: Direction.Space)
    case rows(LatentError)
    case exists(name: String)
    case noSuchDirection(name: String, known: [String])
    case name(String)
    /// Directions of that name come from the model itself.
    case reserved(name: String)
    /// Nothing is left of the direction without the others.
    case dependent(name: String)
  }

  package let file: String
  package let reason: Reason

  package init(file: String, reason: Reason) {
    self.file = file
    self.reason = reason
  }

  package var description: String {
    switch reason {
    case .checkpoint(let error): error.description
    case .file(let error): error.description
    case .noDirections(let found): "\(file): no directions in it: \(found)"
    case .elementType(let array, let type):
      "\(file): \(array) holds \(type) numbers; directions are floating-point"
    case .shape(let array, let shape, let expected):
      "\(file): \(array) has shape \(shape), expected \(expected)"
    case .width(let array, let found, let expected, let space):
      "\(file): \(array) is of width \(found), directions of \(space.rawValue) of this model have \(expected)"
    case .rowCount(let array, let found, let expected):
      "\(file): \(array) has \(found) rows, W+ of this model has \(expected)"
    case .notFinite(let array, let index):
      "\(file): \(array) has a value that is not finite, element \(index)"
    case .zero(let array): "\(file): \(array) is zero everywhere, which points nowhere"
    case .tooLong(let array): "\(file): \(array) is longer than single precision can say"
    case .spaceUnknown(let hint):
      "\(file): the file does not say whether its directions are of z or of w; say --space z or --space w"
        + (hint.map { " (\($0))" } ?? "")
    case .description(let problem): "\(file): \(problem)"
    case .absoluteWPlus:
      "\(file): absolute editing needs one vector for all rows, a W+ direction has one for each"
    case .otherSpace(let asked, let found):
      "\(file): its directions are of \(found.rawValue), not of \(asked.rawValue)"
    case .rows(let error): "\(file): \(error)"
    case .exists(let name): "\(file): a direction named \"\(name)\" exists already"
    case .noSuchDirection(let name, let known):
      "there is no imported direction \"\(name)\""
        + (known.isEmpty
          ? ""
          : "; there are \(known.prefix(16).joined(separator: ", "))"
            + (known.count > 16 ? ", …" : ""))
    case .name(let name): "\"\(name)\" cannot be the name of a direction"
    case .reserved(let name):
      "the model has a direction \"\(name)\" of its own; choose another name"
    case .dependent(let name):
      "\(file): nothing is left of \"\(name)\" without the others, or they depend on each other"
    }
  }
}
