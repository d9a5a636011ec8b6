import Foundation
import TestFixtures
import Testing

/// The rules of the repository that a compiler does not check.
@Suite struct ArchitectureTests {
  private static let sources = TestFixtures.repository.appending(path: "Sources")

  /// What each module may import of the others. README's picture of the modules is this table.
  private static let arrows: [String: Set<String>] = [
    "mien": [
      "BundledModel", "Checkpoints", "Editor", "FaceStudio", "Film", "Files", "Imaging", "Latents",
      "NN", "Portrait", "StyleGAN", "Tensors", "TerminalIO", "TUI", "CPNG", "CZlib", "CSixel", "CNcurses",
    ],
    "Film": ["CZlib", "Files", "Imaging", "Latents", "StyleGAN", "Tensors"],
    "Editor": ["Film", "Files", "Imaging", "Latents", "StyleGAN", "TUI", "Tensors"],
    "TerminalIO": [
      "CNcurses", "CPseudoTerminal", "CSixel", "CTerminal", "Files", "Imaging", "TUI",
    ],
    "TUI": ["Imaging"],
    "Latents": [
      "CBundledPresets", "CKernels", "CLAPACK", "Checkpoints", "Files", "NN", "StyleGAN", "Tensors",
    ],
    "FaceStudio": ["CFaceStudio", "Checkpoints", "Files", "Imaging"],
    "Training": ["NN", "StyleGAN", "Tensors"],
    "StyleGAN": ["Checkpoints", "Files", "Imaging", "NN", "Tensors"],
    "BundledModel": ["CBundledModel", "Checkpoints"],
    "NN": ["Tensors"],
    "Checkpoints": ["CBytes", "CZlib", "Files", "Tensors"],
    "Tensors": ["CDNNL", "CKernels"],
    "Portrait": ["CFaceFinder", "Imaging"],
    "Imaging": ["CJPEG", "CPNG", "CWebP", "Files"],
    "Files": ["CBytes"],
  ]

  /// Modules of the toolchain and packages from outside.
  private static let outside: Set<String> = [
    "ArgumentParser", "Darwin", "Dispatch", "FoundationEssentials", "Glibc", "Musl",
    "Synchronization",
  ]

  private static func swiftFiles(in folder: URL) -> [URL] {
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (all?.allObjects as? [URL] ?? []).filter { $0.pathExtension == "swift" }
  }

  private static func imports(of file: URL) throws -> [String] {
    try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let at = words.firstIndex(of: "import"), at <= 2, words.count > at + 1,
        words[..<at].allSatisfy({ ["package", "public", "internal", "private", "@preconcurrency"].contains($0) })
      else { return nil }
      return String(words[at + 1])
    }
  }

  @Test(arguments: arrows.keys.sorted()) func importsFollowTheArrows(module: String) throws {
    let files = Self.swiftFiles(in: Self.sources.appending(path: module))
    #expect(!files.isEmpty, "no sources in \(module)")
    for file in files {
      for name in try Self.imports(of: file) {
        #expect(
          Self.arrows[module]?.contains(name) == true || Self.outside.contains(name),
          "\(module)/\(file.lastPathComponent) imports \(name)")
      }
    }
  }

  @Test func everyModuleIsInTheTable() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.sources.path)
    for folder in folders where !folder.hasPrefix("C") || folder == "Checkpoints" {
      #expect(Self.arrows[folder] != nil, "\(folder) has no row")
    }
  }

  @Test func noFileIsLongerThan500Lines() throws {
    for file in Self.swiftFiles(in: Self.sources) {
      let lines = try String(contentsOf: file, encoding: .utf8).split(
        separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count <= 501, "\(file.lastPathComponent) has \(lines.count) lines")
    }
  }

  @Test func noNameThatSaysNothing() {
    for file in Self.swiftFiles(in: Self.sources) {
      for word in ["Utils", "Helpers", "Manager", "Common", "Placeholder"] {
        #expect(!file.lastPathComponent.contains(word), "\(file.lastPathComponent)")
      }
    }
  }
}
