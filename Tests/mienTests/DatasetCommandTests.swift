import Foundation
import TestFixtures
import Testing

@Suite(.serialized)
struct DatasetCommandTests {
  private let mien: MienProcess

  init() throws { mien = try MienProcess() }

  /// The real basis beside the repository, nil where it is absent.
  private static let basis: String? = {
    let folder = TestFixtures.repository.deletingLastPathComponent().appending(path: "shared/data")
    let file = folder.appending(path: "ict_facekit_basis.npz")
    return FileManager.default.fileExists(atPath: file.path) ? folder.path : nil
  }()

  @Test func badInput() throws {
    expect(
      try mien("dataset", "render", "--facekit", "nowhere", "--count", "1", "-o", "out"), fails: 1,
      "mien: nowhere: no ict_facekit_basis.npz in it; --facekit names the folder of the ICT-FaceKit basis"
    )
    expect(
      try mien("dataset", "render", "--facekit", ".", "--count", "0", "-o", "out2"), fails: 2,
      "mien: --count is 1 to 100000000 (see 'mien dataset render --help')")
    expect(
      try mien("dataset", "labels", "--facekit", ".", "--count", "0", "-o", "l.npz"), fails: 2,
      "mien: --count is 1 to 2000000 (see 'mien dataset labels --help')")
    expect(
      try mien("dataset", "sheet", "-o", "sheet.png"), fails: 2,
      "mien: give either --facekit or --data (see 'mien dataset sheet --help')")
    expect(
      try mien("dataset", "sheet", "--facekit", ".", "--axes", "charm", "-o", "sheet.png"),
      fails: 2, "mien: no axis is called 'charm' (see 'mien dataset sheet --help')")
    expect(
      try mien("dataset", "sheet", "--data", ".", "-o", "sheet.png"), fails: 1,
      "mien: .: no set.json in it, so no data set")
  }

  @Test(
    .enabled(if: DatasetCommandTests.basis != nil, "the real basis is not beside the repository"))
  func rendersAndGoesOn() throws {
    let basis = DatasetCommandTests.basis ?? ""
    func render(_ count: String, _ folder: String) throws -> Int32 {
      try mien(
        "dataset", "render", "--facekit", basis, "--count", count, "--size", "32", "--shard", "2",
        "--labels", "-o", folder
      ).status
    }
    #expect(try render("3", "a") == 0)
    let files = ["0000.bin", "0000.npz", "0001.bin", "0001.npz", "labels.csv", "set.json"]
    #expect(try mien.files(in: "a") == files)
    #expect(try render("2", "b") == 0)
    #expect(try render("3", "b") == 0)
    for file in files {
      #expect(
        try Data(contentsOf: URL(filePath: mien.path("a/\(file)")))
          == Data(contentsOf: URL(filePath: mien.path("b/\(file)"))), "\(file)")
    }
    #expect(
      try mien("dataset", "labels", "--facekit", basis, "--count", "3", "-o", "labels.npz").status
        == 0)
    #expect(
      try mien("dataset", "sheet", "--data", "a", "--grid", "3x1", "--size", "32", "-o", "s.png")
        .status == 0)
  }
}
