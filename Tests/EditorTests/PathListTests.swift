import Foundation
import Testing

@testable import Editor

struct PathListTests {
  @Test func listsWhatBeginsAlike() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/mien-paths-\(UUID())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(
      atPath: folder + "/people", withIntermediateDirectories: true)
    for name in ["pen.png", "me.png", ".hidden"] {
      try Data().write(to: URL(filePath: folder + "/" + name))
    }
    #expect(
      PathList.paths(beginningWith: folder + "/pe") == [folder + "/pen.png", folder + "/people/"])
    #expect(PathList.paths(beginningWith: folder + "/").count == 3)
    #expect(PathList.paths(beginningWith: folder + "/.h") == [folder + "/.hidden"])
    #expect(PathList.paths(beginningWith: folder + "/people") == [folder + "/people/"])
    #expect(PathList.paths(beginningWith: folder + "/none/x") == [])
    #expect(PathList.paths(beginningWith: "~") == ["~/"])
  }
}
