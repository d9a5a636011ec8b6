import Foundation
import Fuzz
import TestFixtures
import Testing

/// A short run of the fuzzer: damaged files of every kind are refused or read, and the process is
/// still there afterwards.
@Suite struct FuzzTests {
  @Test func damagedFilesOfEveryKind() throws {
    let own = try Fuzz.nativeFiles()
    defer { try? FileManager.default.removeItem(at: own) }
    let corpus = Corpus(folders: [TestFixtures.committed("hostile"), own])
    try #require(corpus.items.count > 50)
    var readers = Readers()
    let start = ContinuousClock.now
    var count = 0
    // As many as two seconds allow, so that a slow machine tests less instead of waiting.
    while count < 2000, ContinuousClock.now - start < .seconds(2) {
      readers.read(corpus.input(seed: 7, iteration: count).bytes)
      count += 1
    }
    #expect(count > 20)
    #expect(readers.refused > readers.accepted)
    #expect(!HostileFile.wasExecuted)
  }

  @Test func theSameNumberGivesTheSameDamage() {
    let corpus = Corpus(folders: [TestFixtures.committed("hostile")])
    let first = (0..<50).map { corpus.input(seed: 3, iteration: $0).bytes }
    #expect(first == (0..<50).map { corpus.input(seed: 3, iteration: $0).bytes })
    #expect(Set(first).count > 40)
  }

  /// One small intact file of every kind, cut at every byte.
  @Test(arguments: [
    "control.safetensors", "control_c_order.npy", "control_shared_storage.pt",
    "control_shared_storage_legacy.pt",
  ]) func cutAtEveryByte(file: String) throws {
    let bytes = Array(try Data(contentsOf: TestFixtures.committed("hostile/" + file)))
    var readers = Readers()
    for count in bytes.indices { readers.read(Array(bytes[..<count])) }
    // A .npy holds no model; the others are cut before the last byte.
    #expect(readers.accepted == 0)
  }
}
