import Foundation

/// A folder of one test, removed with it.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "mien-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  static func / (folder: TemporaryFolder, name: String) -> String {
    folder.url.appending(path: name).path
  }
}
