import Checkpoints
import Testing

@testable import FaceStudio

@Suite struct DatasetLabelsTests {
  @Test func areThoseOfTheRenderedPeople() throws {
    let folder = try TemporaryFolder()
    let kit = try FaceFixtures.model().kit
    let path = folder.path + "/labels.npz"
    try DatasetLabels(seed: 9, count: 5).write(kit, to: path)
    let arrays = try NPZArchive.load(path: path)
    #expect(try arrays.array("z").shape == [5, Axis.count])
    #expect(try arrays.array("labels").shape == [5, Labels.names.count])

    let rendering = DatasetRendering(
      description: DatasetDescription(size: 32, seed: 9, shardSize: 5), folder: folder.path,
      count: 5, threads: 1)
    #expect(
      try rendering.run(try FaceFixtures.model(), advance: {}, isCancelled: { false }))
    let shard = try NPZArchive.load(path: folder.path + "/0000.npz")
    for name in ["z", "labels"] {
      #expect(try arrays.array(name).doubles == shard.array(name).doubles, "\(name)")
    }
  }

  @Test func anAbsentFolderIsSaid() throws {
    #expect(throws: DatasetError.self) {
      try DatasetLabels(seed: 1, count: 1).write(
        try FaceFixtures.model().kit, to: "/nowhere/labels.npz")
    }
  }
}
