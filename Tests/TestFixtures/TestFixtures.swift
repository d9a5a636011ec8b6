package import Foundation

/// Where tests find the golden files: the large set beside the repository where it is there.
package enum TestFixtures {
  /// The folder of this file: Tests/TestFixtures.
  private static let here = URL(filePath: #filePath).deletingLastPathComponent()

  /// The repository.
  package static let repository = here.deletingLastPathComponent().deletingLastPathComponent()

  /// The shared fixtures beside the repository, nil where they are absent.
  package static let shared: URL? = {
    let folder = repository.deletingLastPathComponent().appending(path: "shared/fixtures")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  /// A photograph beside the repository, nil where it is absent.
  package static let photograph: String? = {
    let file = repository.deletingLastPathComponent()
      .appending(path: "shared/data/photos/astronaut.png")
    return FileManager.default.fileExists(atPath: file.path) ? file.path : nil
  }()

  /// The folder of a fixture network: beside the repository or, for the few small ones that a fresh
  /// clone tests too, committed. Nil where it is absent.
  package static func network(_ name: String) -> URL? {
    [shared?.appending(path: name), committed(name)].compactMap { $0 }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }

  /// A small fixture committed with the tests, in Tests/Fixtures.
  package static func committed(_ path: String) -> URL {
    repository.appending(path: "Tests/Fixtures").appending(path: path)
  }
}
