import Files
import Foundation
import Testing

@Suite struct MappedFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func readsAndSlices() throws {
    try AtomicFile.write([1, 2, 3, 4, 5], to: folder / "a")
    let file = try MappedFile(path: folder / "a")
    #expect(file.count == 5)
    #expect(file.bytes.array == [1, 2, 3, 4, 5])
    #expect(file.bytes.slice(from: 1, count: 3)?.array == [2, 3, 4])
    file.releasePages()
    #expect(unsafe file.withBytes { unsafe $0[4] } == 5)
  }

  @Test func bytesOutliveTheFileObject() throws {
    try AtomicFile.write([7, 8], to: folder / "a")
    let bytes = try MappedFile(path: folder / "a").bytes
    try FileManager.default.removeItem(atPath: folder / "a")
    #expect(bytes.array == [7, 8])
  }

  @Test func empty() throws {
    try AtomicFile.write([], to: folder / "empty")
    let file = try MappedFile(path: folder / "empty")
    #expect(file.count == 0)
    #expect(file.bytes.array.isEmpty)
  }

  @Test func errors() throws {
    let missing = folder / "missing"
    #expect {
      try MappedFile(path: missing)
    } throws: {
      "\($0)" == "\(missing): cannot open: No such file or directory"
        && ($0 as? FileError)!.isMissing
    }
    #expect {
      try MappedFile(path: folder.url.path)
    } throws: {
      "\($0)" == "\(folder.url.path): cannot read: Is a directory"
    }
    #expect {
      try MappedFile(path: "/dev/null")
    } throws: {
      "\($0)" == "/dev/null: cannot map: it is not a regular file"
    }
  }
}
