import Files
import Foundation
import Testing

@testable import mien

struct DestinationTests {
  @Test(
    arguments: [
      ("a.png", .png), ("a.PPM", .ppm), ("x/a.npy", .npy), ("a.npz", .npz), ("faces", .folder),
      ("faces.png/", .folder), ("a.png.d", .folder), ("/", .folder),
    ] as [(String, Destination.Kind)])
  func theEndingDecides(path: String, kind: Destination.Kind) {
    #expect(Destination(path).kind == kind)
  }

  @Test func aFolderStaysOneWhateverItsName() throws {
    let folder = try TemporaryFolder().fresh("kept").appending(path: "faces.png")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
    #expect(Destination(folder.path).kind == .folder)
  }

  @Test func preparingLeavesNothingButTheFolder() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "new").path
    try Destination(path).prepare()
    try Destination(path + "/sheet.png").prepare()
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
    #expect(throws: FileError.self) { try Destination(path + "/missing/sheet.png").prepare() }
  }

  @Test func namesOfOtherKindsAreNoFolders() throws {
    #expect(Destination("face.bmp").unknownEnding == ".bmp")
    #expect(Destination("a/face.JPEG").unknownEnding == ".JPEG")
    for path in ["face.png", "faces", "faces.d/", "v1.2", ".hidden", "."] {
      #expect(Destination(path).unknownEnding == nil, "\(path)")
    }
    #expect(throws: Failure.self) { try Destination("face.bmp").requireKnownEnding() }
  }
}
