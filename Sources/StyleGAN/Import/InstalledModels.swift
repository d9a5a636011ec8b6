package import Files
import FoundationEssentials

/// The folder of imported models: one safetensors file each, whose name is the model's.
package struct InstalledModels: Sendable {
  package struct Entry: Hashable, Sendable {
    package let name: String
    package let path: String
    package let byteCount: Int
  }

  package let folder: String
  private static let ending = ".safetensors"

  package init(folder: String) { self.folder = folder }

  /// Where a model of this name stands or would stand.
  package func path(for name: String) -> String { "\(folder)/\(name)\(Self.ending)" }

  /// The file of an installed model, nil where there is none of that name.
  package func path(of name: String) -> String? {
    guard Self.problem(withName: name) == nil else { return nil }
    let path = path(for: name)
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// All of them, by name; what the program did not put there is left out.
  package var entries: [Entry] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return files.compactMap { file -> Entry? in
      guard file.hasSuffix(Self.ending) else { return nil }
      let name = String(file.dropLast(Self.ending.count))
      guard Self.problem(withName: name) == nil else { return nil }
      let path = path(for: name)
      // An unreadable one is listed all the same.
      let size = (try? MappedFile(path: path))?.count
      return Entry(name: name, path: path, byteCount: size ?? 0)
    }.sorted { $0.name < $1.name }
  }

  package func remove(_ name: String) throws(FileError) {
    let path = path(for: name)
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch { throw FileError(path: path, operation: .remove, reason: "\(error)") }
  }

  /// Why a name cannot be a model's: names are parts of commands and of file names.
  package static func problem(withName name: String) -> String? {
    if name.isEmpty { return "a name is needed" }
    if name.utf8.count > 100 { return "a name has at most 100 characters" }
    if let first = name.first, first == "." || first == "-" {
      return "a name does not begin with '\(first)'"
    }
    guard name.utf8.allSatisfy(isUsual) else {
      return "a name is made of letters, digits, '-', '_', '.' and '+'"
    }
    return nil
  }

  /// A name made of that of a file: "my model (1).pkl" → "my-model-1".
  package static func name(fromFile path: String) -> String {
    var stem = path.split(separator: "/").last.map(String.init) ?? "model"
    if let dot = stem.lastIndex(of: "."), dot != stem.startIndex { stem = String(stem[..<dot]) }
    let words = stem.split { !$0.utf8.allSatisfy(isUsual) }
    let name = words.joined(separator: "-").drop { $0 == "." || $0 == "-" }.prefix(100)
    return name.isEmpty ? "model" : String(name)
  }

  private static func isUsual(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."), UInt8(ascii: "+"):
      true
    default: false
    }
  }
}
