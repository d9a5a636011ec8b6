import Files
import Foundation
import Latents
import Testing

/// In a folder of its own for each test.
@Suite final class PresetLibraryTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/mien-" + UUID().uuidString
  private var library: PresetLibrary { PresetLibrary(folder: folder + "/presets") }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func preset(_ name: String, seed: UInt32 = 1) -> Preset {
    Preset(name: name, model: ModelReference(name: "studio"), recipe: Recipe(latent: .seed(seed)))
  }

  private func reason<T>(_ body: () throws(PresetError) -> T) -> PresetError.Reason? {
    do {
      _ = try body()
      return nil
    } catch {
      return error.reason
    }
  }

  @Test func missingFolderIsEmpty() {
    #expect(library.list().isEmpty)
    #expect(reason { () throws(PresetError) in try library.load("a") } == .noSuchPreset(name: "a"))
  }

  @Test func savesListsAndLoads() throws {
    try library.save(preset("Zoë", seed: 2))
    let path = try library.save(preset("anna"))
    #expect(path == library.folder + "/anna.json")
    #expect(library.list().map(\.name) == ["anna", "Zoë"])
    #expect(try library.load("Zoë").recipe.latent == .seed(2))
    #expect(try Preset.load(path: path).name == "anna")
  }

  @Test func overwritesOnlyWhenTold() throws {
    let path = try library.save(preset("a", seed: 1))
    #expect(
      throws: PresetError(file: path, reason: .exists(name: "a"))
    ) { try library.save(preset("a", seed: 2)) }
    #expect(try library.load("a").recipe.latent == .seed(1))
    try library.save(preset("a", seed: 2), overwriting: true)
    #expect(try library.load("a").recipe.latent == .seed(2))
    #expect(try FileManager.default.contentsOfDirectory(atPath: library.folder) == ["a.json"])
  }

  @Test func renames() throws {
    try library.save(preset("a", seed: 1))
    try library.save(preset("b", seed: 2))
    #expect(
      reason { () throws(PresetError) in try library.rename("a", to: "b") }
        == .exists(name: "b"))
    try library.rename("a", to: "c/d")
    #expect(library.list().map(\.name) == ["b", "c/d"])
    #expect(try library.load("c/d").recipe.latent == .seed(1))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: library.folder).sorted()
        == ["b.json", "c-d.json"])
    try library.rename("c/d", to: "c-d")
    #expect(try library.load("c-d").recipe.latent == .seed(1))
    try library.rename("b", to: "b")
    #expect(
      reason { () throws(PresetError) in try library.rename("x", to: "y") }
        == .noSuchPreset(name: "x"))
  }

  @Test func deletes() throws {
    try library.save(preset("a"))
    try library.delete("a")
    #expect(library.list().isEmpty)
    #expect(
      reason { () throws(PresetError) in try library.delete("a") } == .noSuchPreset(name: "a"))
  }

  @Test func findsAFileByTheNameInside() throws {
    try StandardFolders.make(library.folder)
    try preset("inner").save(to: library.folder + "/outer.json")
    #expect(try library.load("inner").name == "inner")
    #expect(reason { () throws(PresetError) in try library.save(preset("inner")) } != nil)
    try library.rename("inner", to: "other")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: library.folder) == ["other.json"])
  }

  @Test func listsWhatCannotBeRead() throws {
    try library.save(preset("good"))
    try AtomicFile.write(Array("{".utf8), to: library.folder + "/bad.json")
    try FileManager.default.createDirectory(
      atPath: library.folder + "/folder.json", withIntermediateDirectories: false)
    try AtomicFile.write([], to: library.folder + "/notes.txt")
    let entries = library.list()
    #expect(entries.map(\.name) == ["bad", "folder", "good"])
    #expect(throws: PresetError.self) { try entries[0].preset.get() }
    #expect(throws: PresetError.self) { try entries[1].preset.get() }
    #expect(throws: Never.self) { try entries[2].preset.get() }
  }

  @Test(arguments: ["", "  ", "\n", String(repeating: "é", count: 101)])
  func namesThatMakeNoFile(name: String) {
    #expect(
      reason { () throws(PresetError) in try library.save(preset(name)) }
        == .name(String(name.prefix(60))))
  }

  @Test(arguments: [
    ("../../etc/passwd", "_.-..-etc-passwd.json"), ("a\u{0}b\n", "a-b-.json"), (".", "_.json"),
    ("smile 1.6", "smile 1.6.json"), ("微笑", "微笑.json"),
  ])
  func namesStayInTheFolder(name: String, file: String) throws {
    #expect(try library.path(of: name) == library.folder + "/" + file)
  }

  @Test func aBrokenWriteLeavesTheOldFile() throws {
    let path = try library.save(preset("a", seed: 1))
    let missing = library.folder + "/no/such/folder/a.json"
    let error = #expect(throws: PresetError.self) { try preset("a", seed: 2).save(to: missing) }
    #expect(error?.description.contains("No such file or directory") == true)
    #expect(try Preset.load(path: path).recipe.latent == .seed(1))
  }

  @Test func filesThatAreTooLarge() throws {
    try StandardFolders.make(library.folder)
    let path = library.folder + "/big.json"
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.truncate(atOffset: 1 << 32)
    try handle.close()
    #expect(
      reason { () throws(PresetError) in try Preset.load(path: path) }
        == .tooLarge(bytes: 1 << 32, limit: Preset.byteLimit))
  }
}
