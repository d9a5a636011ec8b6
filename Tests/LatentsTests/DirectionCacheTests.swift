import Checkpoints
import Files
import Foundation
import Latents
import StyleGAN
import Testing

@Suite final class DirectionCacheTests {
  private let folder = FileManager.default.temporaryDirectory.path + "/mien-" + UUID().uuidString
  private let discovery = DirectionDiscovery(sefaCount: 2, pcaCount: 3, sampleCount: 500)
  private let model = ToyModel()
  private var cache: DirectionCache {
    DirectionCache(folder: folder + "/a/b", modelSHA256: String(repeating: "0f", count: 32))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func discover(
    _ model: ToyModel, _ cache: DirectionCache?, attributes: [Direction] = []
  ) -> DirectionLibrary? {
    DirectionLibrary.discovering(
      model, attributes: attributes, discovery: discovery, cache: cache)
  }

  @Test func secondTimeReadsTheFile() throws {
    let fresh = try #require(discover(model, nil))
    let first = try #require(discover(model, cache))
    let runs = model.calls.count
    let second = try #require(discover(model, cache))
    #expect(model.calls.count == runs)
    #expect(first == fresh && second == fresh)
  }

  @Test func fileIsOrdinarySafetensors() throws {
    _ = discover(model, cache)
    let file = try Checkpoint.open(path: cache.path(of: discovery))
    #expect(Set(file.names) == ["sefa", "sefa.scale", "pca", "pca.scale"])
    #expect(file.entry("sefa")?.shape == [2, 8])
    #expect(file.entry("pca.scale")?.shape == [3])
  }

  @Test func modelsAndMethodsAreKeptApart() throws {
    _ = discover(model, cache)
    var other = cache
    other = DirectionCache(folder: cache.folder, modelSHA256: String(repeating: "1e", count: 32))
    #expect(other.path(of: discovery) != cache.path(of: discovery))
    let more = DirectionDiscovery(sefaCount: 3, pcaCount: 3, sampleCount: 500)
    #expect(cache.path(of: more) != cache.path(of: discovery))
    // A file under another's name is not taken for it.
    try FileManager.default.copyItem(
      atPath: cache.path(of: discovery), toPath: other.path(of: discovery))
    let runs = model.calls.count
    _ = discover(model, other)
    #expect(model.calls.count > runs)
  }

  @Test func damagedFilesAreComputedAgain() throws {
    let fresh = try #require(discover(model, cache))
    let path = cache.path(of: discovery)
    let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
    var cases = stride(from: 0, to: whole.count, by: 61).map { Array(whole.prefix($0)) }
    cases.append(Array("hello".utf8))
    var notNumbers = whole
    for index in notNumbers.indices.suffix(4) { notNumbers[index] = 0xFF }
    cases.append(notNumbers)
    for bytes in cases {
      try AtomicFile.write(bytes, to: path)
      let runs = model.calls.count
      #expect(discover(model, cache) == fresh)
      #expect(model.calls.count > runs)
      #expect([UInt8](try Data(contentsOf: URL(filePath: path))) == whole)
    }
  }

  @Test func anotherWidthIsComputedAgain() throws {
    _ = discover(ToyModel(width: 6), cache)
    let library = try #require(discover(model, cache))
    #expect(library.all.allSatisfy { $0.vector.count == 8 })
  }

  @Test func unwritableFoldersDoNotMatter() throws {
    let blocked = folder + "/file"
    try StandardFolders.make(folder)
    try AtomicFile.write([], to: blocked)
    let nowhere = DirectionCache(folder: blocked + "/cache", modelSHA256: "00")
    #expect(discover(model, nowhere) == discover(model, nil))
  }

  @Test func cancellingKeepsNothing() {
    let library = DirectionLibrary.discovering(
      model, discovery: discovery, cache: cache, isCancelled: { true })
    #expect(library == nil)
    #expect(!FileManager.default.fileExists(atPath: cache.path(of: discovery)))
  }

  @Test func attributesComeFirstAndWin() throws {
    let attributes = [
      Direction(name: "smile", kind: .attribute, vector: [1, 0, 0, 0, 0, 0, 0, 0], r2: 0.4),
      Direction(name: "pca 1", kind: .attribute, vector: [0, 2, 0, 0, 0, 0, 0, 0]),
    ]
    let library = try #require(discover(model, nil, attributes: attributes))
    #expect(library.names == ["smile", "pca 1", "sefa 1", "sefa 2", "pca 2", "pca 3"])
    #expect(library["smile"]?.r2 == 0.4 && library["smile"]?.scale == 1)
    #expect(library["pca 1"]?.kind == .attribute && library["pca 1"]?.scale == 2)
    #expect(library.directions(.sefa, .pca).count == 4)
    #expect(library["nothing"] == nil)
  }
}
