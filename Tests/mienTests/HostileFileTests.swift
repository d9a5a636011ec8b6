import Foundation
import TestFixtures
import Testing

/// Files made to do harm, through the program as a person would open them.
@Suite(
  .serialized, .enabled(if: TestFixtures.shared != nil, "needs the shared fixtures"))
struct HostileFileTests {
  private struct Index: Decodable {
    struct Entry: Decodable {
      let file: String
      let reader: String
      let expect: String
    }
    let marker: String
    let files: [Entry]
  }

  private let mien: MienProcess
  private let folder: URL
  private let index: Index

  init() throws {
    mien = try MienProcess()
    folder = try #require(TestFixtures.shared).appending(path: "hostile")
    index = try JSONDecoder().decode(
      Index.self, from: Data(contentsOf: folder.appending(path: "expected.json")))
  }

  /// One line on stderr that names the file, status 1, nothing left behind.
  private func expectRefusal(_ result: MienProcess.Result, of file: String) {
    #expect(result.status == 1, "\(file)")
    #expect(result.errors.hasPrefix("mien: "), "\(file): \(result.errors)")
    #expect(result.errors.hasSuffix("\n"), "\(file)")
    #expect(result.errors.contains(file), "\(file): \(result.errors)")
    #expect(result.errors.count { $0.isNewline } == 1, "\(file): \(result.errors)")
    #expect(result.output == "", "\(file)")
    #expect(!FileManager.default.fileExists(atPath: index.marker), "\(file) ran its payload")
  }

  @Test func modelsAreRefusedInOneLine() throws {
    let readers: Set = ["pkl", "pt", "safetensors"]
    let files = index.files.filter { readers.contains($0.reader) && $0.expect == "error" }
    try #require(files.count > 80)
    for entry in files {
      let start = ContinuousClock.now
      let result = try mien(
        "generate", "--model", folder.appending(path: entry.file).path, "--seeds", "0", "-o",
        "out.png")
      expectRefusal(result, of: entry.file)
      #expect(ContinuousClock.now - start < .seconds(5), "\(entry.file)")
    }
    #expect(try mien.files() == [])
  }

  @Test func latentsAreRefusedInOneLine() throws {
    let readers: Set = ["npy", "npy direction", "npz"]
    let files = index.files.filter { readers.contains($0.reader) && $0.expect == "error" }
    try #require(files.count > 15)
    for entry in files {
      let result = try mien(
        "presets", "import", folder.appending(path: entry.file).path, "-o", "preset.json")
      expectRefusal(result, of: entry.file)
    }
    #expect(try mien.files() == [])
  }

  @Test func harmlessContentIsReadWithoutRunningIt() throws {
    for file in ["control_tiny.pkl", "p12_module_src_executes.pkl"] {
      let result = try mien(
        "generate", "--model", folder.appending(path: file).path, "--seeds", "0", "-o",
        file + ".npy"
      )
      #expect(result.status == 0, "\(file): \(result.errors)")
      #expect(!FileManager.default.fileExists(atPath: index.marker))
    }
  }
}
