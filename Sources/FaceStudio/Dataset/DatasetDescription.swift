import Checkpoints
import Files
import FoundationEssentials

/// `set.json` of a data set: what its pictures and numbers are.
package struct DatasetDescription: Hashable, Sendable {
  /// Pixels along a picture's side.
  package var size: Int
  package var seed: UInt64
  /// Pictures in a shard; the last one may have fewer.
  package var shardSize: Int

  package static let fileName = "set.json"
  /// Raised when the same seed would give other pictures.
  package static let version = 2

  package init(size: Int, seed: UInt64, shardSize: Int = 500) {
    self.size = size
    self.seed = seed
    self.shardSize = shardSize
  }

  private var json: JSONValue {
    func list(_ names: [String]) -> JSONValue { .array(names.map { .string($0) }) }
    return .object([
      .init("format", .string("mien dataset")), .init("version", .integer(Self.version)),
      .init("axes", list(Axis.names)), .init("labels", list(Labels.names)),
      .init("binary", list(Labels.binary)), .init("size", .integer(size)),
      .init("shard", .integer(shardSize)), .init("seed", .string(String(seed))),
    ])
  }

  /// Writes the description, or holds an existing one against this one.
  func settle(in folder: String) throws(DatasetError) {
    let path = folder + "/" + Self.fileName
    guard FileManager.default.fileExists(atPath: path) else {
      do {
        try StandardFolders.make(folder)
        try AtomicFile.write(Array((json.encoded + "\n").utf8), to: path)
      } catch { throw .file(error) }
      return
    }
    let found = try Self.parse(path)
    for member in json.members ?? [] where found[member.key] != member.value {
      let isList = member.value.array != nil
      throw .otherSet(
        path: path, what: member.key,
        found: isList ? "another list" : found[member.key]?.encoded ?? "missing",
        expected: isList ? "this program's" : member.value.encoded)
    }
  }

  private static func parse(_ path: String) throws(DatasetError) -> JSONValue {
    let bytes: [UInt8]
    do {
      bytes = try MappedFile(path: path).bytes.array
    } catch { throw .file(error) }
    do {
      return try JSONValue(parsing: bytes)
    } catch { throw .malformed(path: path, reason: "no JSON: \(error)") }
  }

  /// The description of an existing set.
  package init(folder: String) throws(DatasetError) {
    let path = folder + "/" + Self.fileName
    guard FileManager.default.fileExists(atPath: path) else { throw .absent(folder: folder) }
    let json = try Self.parse(path)
    guard let size = json["size"]?.integer, let shard = json["shard"]?.integer,
      (1...65_536).contains(size), shard > 0
    else { throw .malformed(path: path, reason: "it does not say size and shard") }
    self.size = size
    shardSize = shard
    seed = json["seed"]?.string.flatMap { UInt64($0) } ?? 0
  }
}
