/// A recipe that means nothing on the model at hand.
package enum LatentError: Error, Hashable, Sendable {
  /// Text that is not a layer range.
  case layerRange(String)
  /// Rows by number that the network lacks.
  case rowsOutsideModel(LayerRange, rows: Int)
  /// A direction the library lacks; `known` are the names it has.
  case unknownDirection(String, known: [String])
  /// A vector of the wrong width; `what` names it.
  case width(what: String, found: Int, expected: Int)
  /// W+ with another number of rows than the network has.
  case rowCount(found: Int, expected: Int)
  /// A W+ direction with another number of rows than the network has.
  case directionRows(String, found: Int, expected: Int)
  /// A direction of Z on a face that is a point of W or W+ and has no z.
  case noZ(direction: String)
  /// A class the network lacks; `classes` is 0 for an unconditional network.
  case classIndex(Int, classes: Int)
  /// NaN or infinity; `what` names the value.
  case notFinite(String)
  /// A mixing weight outside 0…1.
  case weight(Float)
}

extension LatentError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .layerRange(let text):
      "\"\(text)\" is not a range of rows: write all, coarse, middle, fine, 5 or 0-3"
    case .rowsOutsideModel(let range, let rows):
      "the rows \(range) do not fit the model, which has rows 0-\(rows - 1)"
    case .unknownDirection(let name, let known):
      "the model has no direction \"\(name)\""
        + (known.isEmpty ? "" : "; it has \(LatentError.list(known))")
    case .width(let what, let found, let expected):
      "\(what) has \(found) values, the model needs \(expected)"
    case .rowCount(let found, let expected):
      "the latent has \(found) rows, the model needs \(expected)"
    case .directionRows(let name, let found, let expected):
      "the direction \"\(name)\" has \(found) rows, the model needs \(expected)"
    case .noZ(let name):
      "the direction \"\(name)\" moves z, but the face is given by its w; start from a seed"
    case .classIndex(let index, classes: 0):
      "class \(index) was asked for, but the model has no classes"
    case .classIndex(let index, let classes):
      "class \(index) was asked for, but the model has classes 0-\(classes - 1)"
    case .notFinite(let what):
      "\(what) is not a finite number"
    case .weight(let weight):
      "a mixing weight is between 0 and 1, not \(weight)"
    }
  }

  /// A few names; a library may have hundreds.
  private static func list(_ names: [String]) -> String {
    names.prefix(16).joined(separator: ", ") + (names.count > 16 ? ", …" : "")
  }
}
