import Checkpoints
import Foundation
import Latents
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// Latents of other tools for the toy model: w_dim 8, 12 rows.
@Suite struct LatentFileTests {
  private let folder: TemporaryFolder
  private let model = ToyModel()

  init() throws { folder = try TemporaryFolder() }

  private func values(_ shape: Shape) -> Tensor {
    var random = RandomTensors(seed: 3)
    return random.tensor(shape)
  }

  private func read(_ path: String) throws -> [LatentFile.Entry] {
    try LatentFile.read(path: path, for: model.configuration).entries
  }

  private func failure(_ path: String) throws -> String {
    do {
      _ = try read(path)
      return "no error"
    } catch let error as LatentFileError {
      return error.description.replacing(folder.path + "/", with: "")
    }
  }

  @Test(arguments: [[8], [1, 8], [1, 1, 8]])
  func pointsOfW(shape: [Int]) throws {
    let w = values(Shape(shape))
    try NPYArray(w).save(to: folder.file("x.npy"))
    #expect(try read(folder.file("x.npy")).map(\.latent) == [.w(w.values)])
  }

  @Test(arguments: [[12, 8], [1, 12, 8]])
  func pointsOfWPlus(shape: [Int]) throws {
    let ws = values(Shape(shape))
    try NPZArchive.save(
      [("z", NPYArray(values([1, 8]))), ("w", NPYArray(ws))], to: folder.file("x.npz"))
    #expect(try read(folder.file("x.npz")).map(\.latent) == [.ws(ws.values, rows: 12)])
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let ws = values([12, 8])
    for (name, isArchive) in [("a.npz", true), ("a.npy", false)] {
      try LatentFile.write(ws, to: folder.file(name), isArchive: isArchive)
      #expect(try read(folder.file(name)).map(\.latent) == [.ws(ws.values, rows: 12)])
    }
    let archive = try NPZArchive.load(path: folder.file("a.npz"))
    #expect(archive.names == ["w"])
    #expect(try archive.array("w").shape == [1, 12, 8])
    #expect(try archive.array("w").type == .float32)
  }

  @Test func equalRowsAreAPointOfW() throws {
    // As the reference projector writes it.
    let face = Recipe(latent: .seed(5))
    let ws = try face.ws(model: model, directions: DirectionLibrary())
    try LatentFile.write(ws, to: folder.file("projected_w.npz"), isArchive: true)
    let entry = try read(folder.file("projected_w.npz"))[0]
    #expect(entry.latent == .w(Array(ws.values.prefix(8))))
    let again = try Recipe(latent: entry.latent).ws(model: model, directions: DirectionLibrary())
    #expect(again.values == ws.values)
  }

  @Test func severalInOneArray() throws {
    let ws = values([2, 12, 8])
    try NPZArchive.save(
      [("w", NPYArray(values([2, 8]))), ("ws", NPYArray(ws))], to: folder.file("x.npz"))
    let found = try read(folder.file("x.npz"))
    #expect(found.map(\.name) == ["1", "2"])
    #expect(found[1].latent == .ws(Array(ws.values.suffix(96)), rows: 12))
  }

  @Test func filesOfTorch() throws {
    func committed(_ name: String) -> String {
      TestFixtures.committed("directions/\(name)").path
    }
    let pivot = try read(committed("pivot.pt"))
    #expect(pivot.map(\.name) == [""])
    guard case .ws(let values, rows: 12) = pivot[0].latent else {
      Issue.record("not of W+")
      return
    }
    #expect(values == (try Checkpoint.open(path: committed("pivot.pt")).tensor("array").values))
    let projection = try read(committed("projection.pt"))
    #expect(projection.map(\.name) == ["one", "two"])
    guard case .w = projection[0].latent, case .ws = projection[1].latent else {
      Issue.record("\(projection)")
      return
    }
  }

  @Test func whatIsNoLatent() throws {
    func words(_ array: NPYArray) throws -> String {
      try array.save(to: folder.file("x.npy"))
      return try failure(folder.file("x.npy"))
    }
    #expect(
      try words(NPYArray(values([2, 3, 4])))
        == "x.npy: the shape [2, 3, 4] is no latent; expected [1, 12, 8]")
    #expect(
      try words(NPYArray(values([1, 7]))) == "x.npy: the latent has 7 values, the model needs 8")
    #expect(
      try words(NPYArray(values([1, 5, 8]))) == "x.npy: the latent has 5 rows, the model needs 12")
    #expect(
      try words(NPYArray(Tensor(repeating: .nan, shape: [8])))
        == "x.npy: a value of the latent is not a finite number")
    #expect(
      try words(NPYArray([1, 2], shape: [2]))
        == "x.npy: the array holds int64 numbers; a latent is floating-point")
    try NPZArchive.save(
      [("a", NPYArray(values([8]))), ("b", NPYArray(values([8])))], to: folder.file("x.npz"))
    #expect(try failure(folder.file("x.npz")) == "x.npz: there is no array w in it, it has a, b")
    #expect(try failure(folder.file("nothing")).hasPrefix("nothing: cannot "))
  }

  @Test(arguments: HostileFile.all(for: "npy direction", "npy", "npz", "pt tensors"))
  func hostileFilesAreRefused(file: HostileFile) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    do {
      _ = try read(file.path)
      #expect(file.expect != .error, "\(file)")
    } catch let error as LatentFileError {
      let words = error.description
      #expect(words.contains(file.file) && !words.contains("\n") && words.count < 400)
    }
    #expect(!HostileFile.wasExecuted)
  }
}
