import Checkpoints
import Files
import Tensors

/// The form in which this program keeps a direction: safetensors with the vector and, for absolute
/// editing, the centre; the rest is a JSON text in the metadata.
extension Direction {
  private static let key = "mien.direction"

  private var fields: JSONDocument {
    var object = JSONMembers([
      "name": .string(name), "kind": .string(kind.rawValue), "space": .string(space.rawValue),
      "rows": .string(rows.description), "editing": .string(editing.rawValue),
      "scale": .number(scale),
    ])
    object["r2"] = r2.map { .number(Float($0)) }
    object["origin"] = origin.map { .string($0) }
    return .object(object)
  }

  /// Writes the file, complete or not at all.
  func save(to path: String, modelSHA256: String?) throws(FileError) {
    var tensors = [
      (
        name: "vector",
        tensor: vectorRows == 1
          ? Tensor(vector, shape: [vector.count]) : Tensor(vector, shape: [vectorRows, width])
      )
    ]
    if let center { tensors.append(("center", Tensor(center, shape: [center.count]))) }
    var metadata = [Direction.key: fields.pretty]
    metadata["mien.model"] = modelSHA256
    try Safetensors.save(tensors, metadata: metadata, to: path)
  }
}

extension DirectionFile {
  /// The direction of a file this program wrote; nil for other files.
  static func stored(_ checkpoint: Checkpoint) throws(DirectionError) -> Direction? {
    guard let text = checkpoint.metadata["mien.direction"] else { return nil }
    func failure(_ problem: String) -> DirectionError {
      DirectionError(file: checkpoint.source, reason: .description(problem))
    }
    let document: JSONDocument
    do {
      document = try JSONParser.parse(Array(text.utf8))
    } catch { throw failure("its description is not JSON: \(error)") }
    guard case .object(let object) = document, case .string(let name)? = object["name"] else {
      throw failure("its description has no name")
    }
    let fields = try DirectionFields(object, file: checkpoint.source)
    let space = fields.space ?? .w
    let editing = fields.editing ?? .relative
    let vector = try VectorStack(checkpoint, "vector")
    guard vector.shape.count == 1 || vector.shape.count == 2 && space == .wPlus else {
      throw DirectionError(
        file: checkpoint.source,
        reason: .shape(array: "vector", vector.shape, expected: "[width], or rows of W+"))
    }
    guard space != .wPlus || editing == .relative else {
      throw DirectionError(file: checkpoint.source, reason: .absoluteWPlus)
    }
    var center: [Float]?
    if checkpoint.names.contains("center") {
      let found = try VectorStack(checkpoint, "center")
      guard found.values.count == vector.values.count else {
        throw DirectionError(
          file: checkpoint.source,
          reason: .shape(array: "center", found.shape, expected: "\(vector.shape)"))
      }
      center = found.values
    }
    let direction = Direction(
      name: name, kind: fields.kind ?? .imported, rows: fields.rows ?? .all, space: space,
      vector: vector.values, vectorRows: vector.rows, editing: editing, center: center,
      r2: fields.r2, origin: fields.origin)
    try direction.requireLength(array: "vector", file: checkpoint.source)
    return direction
  }
}

extension Direction {
  /// Makes sure that the direction points somewhere and that its length is a number.
  func requireLength(array: String, file: String) throws(DirectionError) {
    guard scale > 0 else { throw DirectionError(file: file, reason: .zero(array: array)) }
    guard scale.isFinite, vector.allSatisfy(\.isFinite) else {
      throw DirectionError(file: file, reason: .tooLong(array: array))
    }
  }
}
