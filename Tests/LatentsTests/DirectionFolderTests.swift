import Checkpoints
import Files
import Foundation
import Latents
import StyleGAN
import Testing

@Suite struct DirectionFolderTests {
  private let temporary: TemporaryFolder
  private let folder: DirectionFolder
  private let model = ModelReference(name: "toy", sha256: String(repeating: "ab", count: 32))
  private let configuration = ToyModel().configuration

  init() throws {
    temporary = try TemporaryFolder()
    folder = DirectionFolder(folder: temporary.file("a/b"), model: model)
  }

  private func direction(_ name: String, _ value: Float = 1) -> Direction {
    Direction(name: name, kind: .imported, vector: [value, 0, 0, 0, 0, 0, 0, 0])
  }

  private func words(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)".replacing(temporary.path + "/", with: "") }
  }

  @Test func eachModelHasAFolder() {
    let folders = StandardFolders(environment: ["XDG_DATA_HOME": "/data"])
    #expect(
      DirectionFolder(folders, model: model).folder
        == "/data/mien/directions/abababababababab")
    #expect(
      DirectionFolder(folders, model: ModelReference(name: "../x")).folder
        == "/data/mien/directions/_.-x")
  }

  @Test func everythingIsKept() throws {
    let all = [
      Direction(
        name: "age", kind: .hyperplane, rows: .coarse, vector: [1, 2, 3, 4, 5, 6, 7, 8.125],
        editing: .absolute, center: [0, 0, 0, 0, 0, 0, 0, 1], r2: 0.5, origin: "age.npy"),
      Direction(
        name: "pose", kind: .imported, rows: LayerRange(0...7), space: .wPlus,
        vector: (0..<96).map { Float($0) / 7 }, vectorRows: 12),
      Direction(
        name: "zed", kind: .imported, space: .z, vector: [1, 0, 0, 0, 0, 0, 0, -1]),
    ]
    let paths = try folder.save(all)
    #expect(paths == ["age", "pose", "zed"].map { folder.folder + "/\($0).safetensors" })
    #expect(folder.directions(for: configuration) == all)
    // Such a file can be imported elsewhere, with all it says.
    let again = try DirectionFile.read(path: paths[0])
      .directions(for: configuration, DirectionImport())
    #expect(again[0].editing == .absolute && again[0].center == all[0].center)
    #expect(again[0].rows == .coarse && again[0].name == "age" && again[0].vector == all[0].vector)
  }

  @Test func listIsInOrderAndKeepsDamagedFiles() throws {
    #expect(folder.list().isEmpty)
    try folder.save(["pc 10", "pc 2", "Age"].map { direction($0) })
    try AtomicFile.write(Array("no".utf8), to: folder.folder + "/broken.safetensors")
    try AtomicFile.write([], to: folder.folder + "/notes.txt")
    let list = folder.list()
    #expect(list.map(\.name) == ["Age", "broken", "pc 2", "pc 10"])
    #expect(throws: DirectionError.self) { try list[1].direction.get() }
    #expect(folder.directions(for: configuration).map(\.name) == ["Age", "pc 2", "pc 10"])
  }

  @Test func whatDoesNotFitTheModelIsLeftOut() throws {
    try folder.save([
      Direction(name: "narrow", kind: .imported, vector: [1, 2]),
      Direction(
        name: "rows", kind: .imported, rows: LayerRange(0...30), vector: direction("").vector),
      direction("fits"),
    ])
    #expect(folder.directions(for: configuration).map(\.name) == ["fits"])
  }

  @Test func takenNames() throws {
    try folder.save([direction("age")])
    #expect(
      words { try folder.save([direction("new"), direction("age", 2)]) }
        == "a/b/age.safetensors: a direction named \"age\" exists already")
    // All or none.
    #expect(folder.list().map(\.name) == ["age"])
    try folder.save([direction("age", 2)], overwriting: true)
    #expect(folder.directions(for: configuration).map(\.scale) == [2])
    // Another name for the same file does not overwrite.
    try folder.save([direction("a/b")])
    #expect(
      words { try folder.save([direction("a-b")], overwriting: true) }.hasSuffix("exists already"))
    for name in ["sefa 3", "pca 11"] {
      #expect(
        words { try folder.save([direction(name)]) }
          == "the model has a direction \"\(name)\" of its own; choose another name")
    }
    #expect(
      words { try folder.save([direction("smile")], taken: ["smile"]) }.hasPrefix("the model has"))
    #expect(
      words { try folder.save([direction(" ")]) } == "\" \" cannot be the name of a direction")
    #expect(words { try folder.save([direction("a\nb")]) }.contains("cannot be the name"))
  }

  @Test func renameAndDelete() throws {
    try folder.save([direction("age", 3), direction("pose")])
    try folder.rename("age", to: "years")
    #expect(folder.directions(for: configuration).map(\.name) == ["pose", "years"])
    #expect(folder.list()[1].path == folder.folder + "/years.safetensors")
    #expect(folder.directions(for: configuration)[1].scale == 3)
    #expect(words { try folder.rename("years", to: "pose") }.hasSuffix("exists already"))
    #expect(
      words { try folder.rename("age", to: "x") }
        == "there is no imported direction \"age\"; there are pose, years")
    #expect(words { try folder.rename("pose", to: "sefa 1") }.hasPrefix("the model has"))
    try folder.rename("pose", to: "pose")
    try folder.delete("years")
    #expect(folder.list().map(\.name) == ["pose"])
    #expect(words { try folder.delete("years") }.hasPrefix("there is no imported direction"))
  }
}
