import Files
import Foundation
import Testing

@Suite struct StandardFoldersTests {
  @Test func defaultsLieUnderHome() {
    let folders = StandardFolders(environment: ["HOME": "/home/me"])
    #expect(folders.dataHome == "/home/me/.local/share/mien")
    #expect(folders.stateHome == "/home/me/.local/state/mien")
    #expect(folders.cacheHome == "/home/me/.cache/mien")
    #expect(folders.models == "/home/me/.local/share/mien/models")
    #expect(folders.presets == "/home/me/.local/share/mien/presets")
  }

  @Test func variablesWinUnlessRelative() {
    let folders = StandardFolders(
      environment: ["HOME": "/h", "XDG_DATA_HOME": "/d/", "XDG_CACHE_HOME": "relative"])
    #expect(folders.dataHome == "/d/mien")
    #expect(folders.cacheHome == "/h/.cache/mien")
    #expect(StandardFolders(environment: [:]).dataHome == "/.local/share/mien")
  }

  @Test func makesFolders() throws {
    let folder = try TemporaryFolder()
    try StandardFolders.make(folder / "a/b/c")
    try StandardFolders.make(folder / "a/b/c")
    var isFolder: ObjCBool = false
    #expect(unsafe FileManager.default.fileExists(atPath: folder / "a/b/c", isDirectory: &isFolder))
    #expect(isFolder.boolValue)
    try AtomicFile.write([1], to: folder / "file")
    let path = folder / "file/sub"
    #expect {
      try StandardFolders.make(path)
    } throws: {
      "\($0)" == "\(folder / "file"): cannot make the folder: Not a directory"
    }
  }
}
