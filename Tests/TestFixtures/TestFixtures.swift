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

  /// A small fixture committed with the tests, in Tests/Fixtures.
  package static func committed(_ path: String) -> URL {
    repository.appending(path: "Tests/Fixtures").appending(path: path)
  }
}
