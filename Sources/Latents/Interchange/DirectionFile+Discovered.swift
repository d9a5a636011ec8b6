import Checkpoints
import Files

extension DirectionFile {
  private static let listName = "directions.json"
  /// A list of a thousand directions has a tenth of this.
  private static let listLimit = 1 << 20

  /// What `mien discover` writes: a list and a file of unit length for each direction. Nil where
  /// `path` is neither such a folder nor its list.
  static func discovered(path: String) throws(DirectionError) -> DirectionFile? {
    let folder: String
    if path.hasSuffix("/" + listName) || path == listName {
      folder = path == listName ? "." : String(path.dropLast(listName.count + 1))
    } else {
      folder = path.hasSuffix("/") ? String(path.dropLast()) : path
    }
    let list = folder + "/" + listName
    guard let file = try? MappedFile(path: list) else { return nil }
    func failure(_ problem: String) -> DirectionError {
      DirectionError(file: list, reason: .description(problem))
    }
    guard file.count <= listLimit else { throw failure("too long for a list of directions") }
    let document: JSONDocument
    do {
      document = try JSONParser.parse(file.bytes.array)
    } catch { throw failure("not JSON: \(error)") }
    guard case .array(let members) = document, !members.isEmpty else {
      throw failure("not a list of directions")
    }
    var entries: [Entry] = []
    for member in members {
      guard case .object(let object) = member, case .string(let name)? = object["name"],
        case .string(let file)? = object["file"]
      else { throw failure("a direction without name or file") }
      // A list names files beside it, nothing elsewhere.
      guard !file.contains("/"), !file.hasPrefix(".") else {
        throw failure("\"\(file.prefix(80))\" is no file of its folder")
      }
      let stack = try vector(folder + "/" + file)
      var entry = Entry(name, stack)
      let fields = try DirectionFields(object, file: list)
      entry.space = fields.space ?? .w
      entry.rows = fields.rows
      // W+ keeps the lengths its rows have.
      if let scale = fields.scale, stack.rows == 1 { entry.deviations = [scale] }
      entries.append(entry)
    }
    return DirectionFile(path: path, format: .mien, entries: entries)
  }

  private static func vector(_ path: String) throws(DirectionError) -> VectorStack {
    let checkpoint: Checkpoint
    do {
      checkpoint = try Checkpoint.open(path: path)
    } catch { throw DirectionError(file: path, reason: .checkpoint(error)) }
    guard checkpoint.names.count == 1, let name = checkpoint.names.first else {
      throw DirectionError(
        file: path, reason: .noDirections(found: "\(checkpoint.names.count) arrays, expected one"))
    }
    return try VectorStack(checkpoint, name)
  }
}

/// What is written about a direction beside its vector.
struct DirectionFields {
  var kind: Direction.Kind?
  var space: Direction.Space?
  var rows: LayerRange?
  var editing: Direction.Editing?
  var scale: Float?
  var r2: Double?
  var origin: String?

  /// - Throws: for a field of a wrong type or meaning; absent ones are nil.
  init(_ object: JSONMembers, file: String) throws(DirectionError) {
    func failure(_ field: String) -> DirectionError {
      DirectionError(file: file, reason: .description("the field \(field) means nothing"))
    }
    func text(_ field: String) throws(DirectionError) -> String? {
      switch object[field] {
      case nil, .null: return nil
      case .string(let text): return text
      default: throw failure(field)
      }
    }
    func number(_ field: String) throws(DirectionError) -> Double? {
      switch object[field] {
      case nil, .null: return nil
      case .number(let text):
        guard let value = Double(text), value.isFinite else { throw failure(field) }
        return value
      default: throw failure(field)
      }
    }
    func word<T: RawRepresentable<String>>(
      _ field: String, as type: T.Type
    ) throws(DirectionError) -> T? {
      guard let text = try text(field) else { return nil }
      guard let value = T(rawValue: text) else { throw failure(field) }
      return value
    }
    kind = try word("kind", as: Direction.Kind.self)
    space = try word("space", as: Direction.Space.self)
    editing = try word("editing", as: Direction.Editing.self)
    if let text = try text("rows") {
      guard let range = try? LayerRange(parsing: text) else { throw failure("rows") }
      rows = range
    }
    scale = try number("scale").map { Float($0) }
    guard scale.map({ $0.isFinite && $0 > 0 }) ?? true else { throw failure("scale") }
    r2 = try number("r2")
    guard r2.map({ abs($0) < 1e6 }) ?? true else { throw failure("r2") }
    origin = try text("origin")
  }
}
