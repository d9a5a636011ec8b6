import Checkpoints
import Files
import Foundation
import Tensors
import TestFixtures
import Testing

@Suite struct NPZArchiveTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func roundTrip() throws {
    let path = folder / "a.npz"
    let tensor = Tensor((0..<6).map(Float.init), shape: [3, 2])
    try NPZArchive.save(
      [
        ("images", NPYArray(tensor)), ("z/one", NPYArray([1.5], shape: [1])),
        ("empty", NPYArray([Int](), shape: [0])),
      ], to: path)
    let archive = try NPZArchive.load(path: path)
    #expect(archive.names == ["images", "z/one", "empty"])
    #expect(try archive.array("images").tensor.values == tensor.values)
    #expect(try archive.array("images").shape == [3, 2])
    #expect(try archive.array("z/one").doubles == [1.5])
    #expect(try archive.array("empty").count == 0)
    let checkpoint = try Checkpoint.open(path: path)
    #expect(checkpoint.entry("images")?.shape == [3, 2])
    #expect(try checkpoint.tensor("images").values == tensor.values)
  }

  @Test func missingMember() throws {
    let path = folder / "a.npz"
    try NPZArchive.save([("w", NPYArray([1.0], shape: [1]))], to: path)
    #expect {
      try NPZArchive.load(path: path).array("ws")
    } throws: {
      "\($0)" == "\(path): there is no tensor \"ws\""
    }
  }

  @Test(.enabled(if: TestFixtures.shared != nil, "the shared fixtures are not here"))
  func deflatedMembers() throws {
    // numpy.savez_compressed wrote this one.
    let path = TestFixtures.shared!
      .appending(path: "directions/stylegan2-fixture_style_pca-full_c40_n10000_w.npz").path
    let archive = try NPZArchive.load(path: path)
    #expect(archive.names.contains("lat_comp"))
    for name in archive.names {
      let array = try archive.array(name)
      #expect(array.tensor.firstNonFinite == nil, "\(name)")
    }
  }
}
