import Files
import Foundation
import Testing

@Suite struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func writesAndReplaces() throws {
    try AtomicFile.write([1, 2, 3], to: folder / "a")
    #expect(try Data(contentsOf: folder.url.appending(path: "a")) == Data([1, 2, 3]))
    try AtomicFile.write([4], to: folder / "a")
    #expect(try Data(contentsOf: folder.url.appending(path: "a")) == Data([4]))
    #expect(try folder.names == ["a"])
  }

  @Test func anAbandonedFileLeavesNothing() throws {
    try AtomicFile.write([9], to: folder / "a")
    do {
      let file = try AtomicFile(replacing: folder / "a")
      try file.append([1, 2])
      #expect(try folder.names.count == 2)
    }
    #expect(try folder.names == ["a"])
    #expect(try Data(contentsOf: folder.url.appending(path: "a")) == Data([9]))
  }

  @Test func keepsModeAndLink() throws {
    try AtomicFile.write([1], to: folder / "real")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o640], ofItemAtPath: folder / "real")
    try FileManager.default.createSymbolicLink(
      atPath: folder / "link", withDestinationPath: folder / "real")
    try AtomicFile.write([2], to: folder / "link")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder / "link").hasSuffix("real"))
    #expect(try Data(contentsOf: folder.url.appending(path: "real")) == Data([2]))
    let mode = try FileManager.default.attributesOfItem(atPath: folder / "real")[.posixPermissions]
    #expect(mode as? Int == 0o640)
  }

  @Test func errorsNameThePath() throws {
    let missing = folder / "no/such/file"
    #expect {
      try AtomicFile.write([1], to: missing)
    } throws: {
      "\($0)" == "\(missing): cannot create: No such file or directory"
    }
    #expect {
      try AtomicFile.write([1], to: folder.url.path)
    } throws: {
      "\($0)" == "\(folder.url.path): cannot create: Is a directory"
    }
  }

  @Test func devicesAreWrittenDirectly() throws {
    try AtomicFile.write([1], to: "/dev/null")
    #expect(FileManager.default.fileExists(atPath: "/dev/null"))
    #expect {
      try AtomicFile.write([1], to: "/dev/full")
    } throws: {
      "\($0)" == "/dev/full: cannot write: No space left on device"
    }
  }
}
