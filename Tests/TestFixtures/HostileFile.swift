package import Foundation

/// A file made to break a reader, with its expected outcome.
package struct HostileFile: Decodable, Sendable, CustomStringConvertible {
  package enum Outcome: String, Decodable, Sendable {
    case error
    case load
    case either = "load or error"
  }

  package let file: String
  /// Which reader it is for: "pkl", "pt", "pt tensors", "npy", "npy direction", "npz",
  /// "safetensors".
  package let reader: String
  package let expect: Outcome
  package let why: String

  package var description: String { file }

  /// All of them where the shared fixtures are, the small ones committed with the tests where not.
  package static let folder =
    TestFixtures.shared?.appending(path: "hostile") ?? TestFixtures.committed("hostile")

  package var path: String { Self.folder.appending(path: file).path }

  /// The files for these readers.
  package static func all(for readers: String...) -> [HostileFile] {
    struct List: Decodable { let files: [HostileFile] }
    guard let data = try? Data(contentsOf: folder.appending(path: "expected.json")),
      let list = try? JSONDecoder().decode(List.self, from: data)
    else { return [] }
    return list.files.filter { readers.contains($0.reader) }
  }

  /// Whether some payload of a hostile file has run.
  package static var wasExecuted: Bool {
    FileManager.default.fileExists(atPath: "/tmp/pwned_fixture")
  }
}
