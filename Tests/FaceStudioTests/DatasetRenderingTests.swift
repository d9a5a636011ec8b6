import Checkpoints
import Foundation
import Imaging
import Synchronization
import Testing

@testable import FaceStudio

@Suite struct DatasetRenderingTests {
  private let description = DatasetDescription(size: 32, seed: 9, shardSize: 4)

  private func rendering(
    _ folder: TemporaryFolder, count: Int, threads: Int = 2
  ) -> DatasetRendering {
    DatasetRendering(description: description, folder: folder.path, count: count, threads: threads)
  }

  @discardableResult
  private func run(
    _ rendering: DatasetRendering, stoppingAfter limit: Int = .max
  ) throws -> (isComplete: Bool, rendered: Int) {
    let counter = Counter()
    let isComplete = try rendering.run(
      try FaceFixtures.model(), advance: { counter.add() }, isCancelled: { counter.value >= limit })
    return (isComplete, counter.value)
  }

  private final class Counter: Sendable {
    private let count = Mutex(0)
    var value: Int { count.withLock { $0 } }
    func add() { count.withLock { $0 += 1 } }
  }

  private func contents(_ folder: TemporaryFolder) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try Dictionary(
      uniqueKeysWithValues: names.map {
        ($0, try Data(contentsOf: folder.url.appending(path: $0)))
      })
  }

  @Test func sameBytesWhateverTheThreadsAndInterruptions() throws {
    let whole = try TemporaryFolder()
    #expect(try run(rendering(whole, count: 10, threads: 1)) == (true, 10))
    let expected = try contents(whole)
    #expect(
      Set(expected.keys) == [
        "set.json", "0000.bin", "0000.npz", "0001.bin", "0001.npz", "0002.bin", "0002.npz",
      ])

    let stopped = try TemporaryFolder()
    let first = try run(rendering(stopped, count: 10, threads: 1), stoppingAfter: 6)
    #expect(!first.isComplete)
    #expect(try rendering(stopped, count: 10).finished() == 4)
    // As a killed run would leave it: a picture file without its arrays, and a half-written one.
    try Data([1, 2, 3]).write(to: stopped.url.appending(path: "0001.bin"))
    try Data([1]).write(to: stopped.url.appending(path: "0001.npz.part-abcdef"))
    let second = try run(rendering(stopped, count: 10, threads: 3))
    #expect(second == (true, 6))
    #expect(try contents(stopped) == expected)
    // Nothing is left to do.
    #expect(try run(rendering(stopped, count: 10)) == (true, 0))
  }

  @Test func aLargerCountAddsToWhatIsThere() throws {
    let grown = try TemporaryFolder()
    try run(rendering(grown, count: 6))
    try run(rendering(grown, count: 9))
    let whole = try TemporaryFolder()
    try run(rendering(whole, count: 9))
    #expect(try contents(grown) == contents(whole))
  }

  @Test func shardsHoldWhatTheySay() throws {
    let folder = try TemporaryFolder()
    try run(rendering(folder, count: 5))
    let arrays = try NPZArchive.load(path: folder.path + "/0001.npz")
    #expect(try arrays.array("z").shape == [1, 168])
    #expect(try arrays.array("labels").shape == [1, 33])
    #expect(try arrays.array("landmarks").shape == [1, 68, 2])
    #expect(try arrays.array("small").shape == [1, 64, 64, 3])
    #expect(try arrays.array("small").type == .uint8)
    #expect(try arrays.array("offsets").integers?.first == 0)

    let renderer = FaceRenderer(try FaceFixtures.model(), size: 32)
    let picture = renderer.render(z: Axis.draw(seed: 9, index: 4))
    #expect(try DatasetShard.picture(0, ofShard: 1, in: folder.path) == picture.image)
    #expect(try arrays.array("labels").doubles.map(Float.init) == picture.labels.values)
    #expect(throws: DatasetError.self) { try DatasetShard.picture(1, ofShard: 1, in: folder.path) }
    #expect(throws: DatasetError.self) { try DatasetShard.picture(0, ofShard: 2, in: folder.path) }
  }

  @Test func anotherSetIsNotMixedIn() throws {
    let folder = try TemporaryFolder()
    try run(rendering(folder, count: 1))
    let other = DatasetRendering(
      description: DatasetDescription(size: 64, seed: 9, shardSize: 4), folder: folder.path,
      count: 1, threads: 1)
    do {
      _ = try other.finished()
      Issue.record("nothing was thrown")
    } catch {
      #expect(
        error.description.hasSuffix(
          "set.json: the folder holds a set whose size is 32, not 64; choose another folder"))
    }
    #expect(try DatasetDescription(folder: folder.path) == description)
    #expect(throws: DatasetError.self) { try DatasetDescription(folder: "/nowhere") }
    try Data("[".utf8).write(to: folder.url.appending(path: "set.json"))
    #expect(throws: DatasetError.self) { try rendering(folder, count: 1).finished() }
  }

  @Test func labelsAsText() throws {
    let folder = try TemporaryFolder()
    let rendering = rendering(folder, count: 3)
    try run(rendering)
    try rendering.writeLabels(try FaceFixtures.model().kit)
    let lines = try String(contentsOf: folder.url.appending(path: "labels.csv"), encoding: .utf8)
      .split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("picture,yaw,pitch,"))
    #expect(lines[1].split(separator: ",").count == 34)
  }
}
