import Checkpoints
import Files
import Foundation
import Latents
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// Directions of other tools, from files of every form, for the toy model: w_dim 8, 12 rows.
@Suite struct DirectionFileTests {
  private let folder: TemporaryFolder
  private let model = ToyModel()

  init() throws { folder = try TemporaryFolder() }

  private func committed(_ name: String) -> String {
    TestFixtures.committed("directions/\(name)").path
  }

  private func array(_ shape: Shape, seed: UInt64 = 1) -> NPYArray {
    var random = RandomTensors(seed: seed)
    return NPYArray(random.tensor(shape))
  }

  private func read(
    _ path: String, _ options: DirectionImport = DirectionImport()
  ) throws -> [Direction] {
    try DirectionFile.read(path: path).directions(for: model.configuration, options)
  }

  private func failure(
    _ path: String, _ options: DirectionImport = DirectionImport()
  ) throws -> String {
    do {
      _ = try read(path, options)
      return "no error"
    } catch let error as DirectionError {
      return error.description.replacing(folder.path + "/", with: "")
    }
  }

  @Test(arguments: [[8], [1, 8], [1, 1, 8]])
  func oneVector(shape: [Int]) throws {
    let path = folder.file("smile.npy")
    let stored = array(Shape(shape))
    try stored.save(to: path)
    let found = try read(path, DirectionImport(space: .w))
    #expect(found.map(\.name) == ["smile"])
    #expect(found[0].vector == stored.tensor.values)
    #expect(found[0].space == .w && found[0].vectorRows == 1 && found[0].rows == .all)
    #expect(found[0].kind == .imported && found[0].editing == .relative)
    #expect(found[0].origin == "smile.npy")
  }

  @Test(arguments: [[12, 8], [1, 12, 8]])
  func vectorsOfRows(shape: [Int]) throws {
    let path = folder.file("age.npy")
    let values = array(Shape(shape)).doubles
    try NPYArray(values, shape: shape).save(to: path)
    let found = try read(path, DirectionImport(rows: LayerRange(0...7)))
    #expect(found.map(\.name) == ["age"])
    #expect(found[0].space == .wPlus && found[0].vectorRows == 12)
    #expect(found[0].vector == values.map { Float($0) })
    #expect(found[0].rows == LayerRange(0...7))
  }

  @Test func theSpaceIsNeverGuessed() throws {
    let path = folder.file("age_w_boundary.npy")
    try array([1, 8]).save(to: path)
    #expect(
      try failure(path) == """
        age_w_boundary.npy: the file does not say whether its directions are of z or of w; say \
        --space z or --space w (the name of the file suggests w)
        """)
    #expect(try read(path, DirectionImport(space: .z))[0].space == .z)
    let unit = folder.file("b.npy")
    try NPYArray(Tensor([0, 0, 1, 0, 0, 0, 0, 0], shape: [1, 8])).save(to: unit)
    #expect(try failure(unit).hasSuffix("(its length 1 suggests a boundary of InterFaceGAN)"))
  }

  @Test func aWidthOfItsOwnTellsTheSpace() throws {
    var configuration = model.configuration
    configuration.zDim = 6
    for (width, space) in [(6, Direction.Space.z), (8, .w)] {
      let path = folder.file("d\(width).npy")
      try array([width]).save(to: path)
      let found = try DirectionFile.read(path: path).directions(
        for: configuration, DirectionImport())
      #expect(found[0].space == space)
    }
  }

  @Test func pilesOfVectors() throws {
    let path = folder.file("pile.npy")
    let stored = array([3, 8])
    try stored.save(to: path)
    #expect(try failure(path).hasSuffix("(3 vectors of 8)"))
    let found = try read(path, DirectionImport(name: "part", space: .w))
    #expect(found.map(\.name) == ["part 1", "part 2", "part 3"])
    #expect(found.flatMap(\.vector) == stored.tensor.values)
    // As many as the model has rows: W+ unless it is said to be a pile.
    try array([12, 8]).save(to: path)
    #expect(try read(path).count == 1)
    #expect(try read(path, DirectionImport(space: .w)).count == 12)
    try array([2, 12, 8]).save(to: path)
    let pairs = try read(path)
    #expect(pairs.map(\.name) == ["pile 1", "pile 2"] && pairs.allSatisfy { $0.vectorRows == 12 })
    #expect(
      try failure(path, DirectionImport(space: .w))
        == "pile.npy: the array has shape [2, 12, 8], expected equal rows, which these are not, for a direction of w"
    )
  }

  @Test func equalRowsCanBeOneDirectionOfW() throws {
    let path = folder.file("pose.npy")
    let row = array([8]).tensor.values
    try NPYArray(Tensor((0..<12).flatMap { _ in row }, shape: [1, 12, 8])).save(to: path)
    #expect(try read(path)[0].space == .wPlus)
    #expect(try read(path, DirectionImport(space: .w)).map(\.vector) == [row])
    // And the other way round.
    try NPYArray(Tensor(row, shape: [1, 8])).save(to: path)
    let spread = try read(path, DirectionImport(space: .wPlus))
    #expect(spread[0].vectorRows == 12 && spread[0].vector.suffix(8) == row[...])
  }

  @Test func namesOfArrays() throws {
    let path = folder.file("several.npz")
    try NPZArchive.save(
      [("smile", array([1, 8])), ("old\nage", array([8], seed: 2))], to: path)
    #expect(try read(path, DirectionImport(space: .w)).map(\.name) == ["smile", "oldage"])
    let one = folder.file("one.npz")
    try NPZArchive.save([("arr_0", array([8]))], to: one)
    #expect(try read(one, DirectionImport(space: .w)).map(\.name) == ["one"])
    #expect(try read(one, DirectionImport(name: "n", space: .w)).map(\.name) == ["n"])
  }

  @Test func scales() throws {
    let path = folder.file("d.npy")
    try NPYArray(Tensor([0, 2, 0, 0, 0, 0, 0, 0], shape: [8])).save(to: path)
    let times = try read(path, DirectionImport(space: .w, unit: .times(2.5)))[0]
    #expect(times.vector[1] == 5 && times.scale == 5)
    let file = try DirectionFile.read(path: path)
    let statistics = try #require(LatentStatistics.sampling(model, count: 500, seed: 1))
    let measured = try file.directions(
      for: model.configuration, DirectionImport(space: .w, unit: .deviation),
      statistics: { statistics })[0]
    let deviation = statistics.deviation(along: [0, 1, 0, 0, 0, 0, 0, 0])
    #expect(abs(Double(measured.scale) - deviation) < 1e-5 * deviation)
    let z = try file.directions(
      for: model.configuration, DirectionImport(space: .z, unit: .deviation))[0]
    #expect(z.scale == 1)
    #expect(
      try failure(path, DirectionImport(space: .w, unit: .times(0)))
        == "d.npy: the array is zero everywhere, which points nowhere")
  }

  @Test func absoluteIsAsked() throws {
    let path = folder.file("d.npy")
    try array([8]).save(to: path)
    #expect(try read(path, DirectionImport(space: .w, isAbsolute: true))[0].editing == .absolute)
    try array([12, 8]).save(to: path)
    #expect(
      try failure(path, DirectionImport(isAbsolute: true))
        == "d.npy: absolute editing needs one vector for all rows, a W+ direction has one for each"
    )
  }

  @Test func filesOfTorch() throws {
    let boundary = try read(committed("boundary.pt"), DirectionImport(space: .w))
    #expect(boundary.map(\.name) == ["boundary"] && abs(boundary[0].scale - 1) < 1e-6)
    let named = try read(committed("named.pt"))
    #expect(named.map(\.name) == ["00_smile", "01_young"])
    #expect(named.allSatisfy { $0.space == .wPlus })
  }

  @Test func e4eComponents() throws {
    let found = try read(committed("components.pt"))
    #expect(found.map(\.name) == ["components 1", "components 2", "components 3"])
    #expect(zip(found, [3, 2, 1]).allSatisfy { abs($0.scale - $1) < 1e-5 })
    #expect(found.allSatisfy { $0.space == .w && $0.center != nil })
    #expect(found[0].origin == "components.pt, principal components")
    #expect(
      try failure(committed("components.pt"), DirectionImport(space: .z))
        .hasSuffix("its directions are of w, not of z"))
    #expect(try read(committed("components.pt"), DirectionImport(componentCount: 2)).count == 2)
  }

  @Test func ganSpaceExports() throws {
    let found = try read(committed("ganspace-export.pkl"))
    #expect(found.map(\.name) == ["Smile"])
    #expect(found[0].space == .w && found[0].rows == LayerRange(2...4))
    #expect(abs(found[0].scale - 2.5) < 1e-5)
    #expect(found[0].origin == "ganspace-export.pkl, GANSpace export")
  }

  @Test func ganSpaceCaches() throws {
    let path = folder.file("cache.npz")
    let components = array([3, 1, 8])
    func save(_ acts: NPYArray, _ deviations: [Float]) throws {
      try NPZArchive.save(
        [
          ("act_comp", acts), ("lat_comp", components), ("lat_mean", array([1, 8], seed: 2)),
          ("lat_stdev", NPYArray(Tensor(deviations, shape: [deviations.count]))),
        ], to: path)
    }
    try save(components, [4, 2, 1])
    let found = try read(path, DirectionImport(name: "pc", isAbsolute: true))
    #expect(found.map(\.name) == ["pc 1", "pc 2", "pc 3"])
    #expect(zip(found, [4, 2, 1]).allSatisfy { abs($0.scale - $1) < 1e-5 })
    #expect(found[0].editing == .absolute)
    #expect(found[0].center == array([1, 8], seed: 2).tensor.values)
    // Where the activations were of a later layer, the latents may have been z.
    try save(array([3, 1, 8], seed: 9), [4, 2, 1])
    #expect(try failure(path).contains("say --space z or --space w"))
    try save(components, [4, 2])
    #expect(
      try failure(path)
        == "cache.npz: lat_stdev has shape [2], expected 3 numbers, none negative")
  }

  @Test func factorColumnsAreDirections() throws {
    var configuration = model.configuration
    configuration.wDim = 64
    configuration.zDim = 64
    let path = committed("factor.pt")
    let found = try DirectionFile.read(path: path).directions(
      for: configuration, DirectionImport(componentCount: 3))
    let eigvec = try Checkpoint.open(path: path).tensor("eigvec").values
    #expect(found.map(\.name) == ["factor 1", "factor 2", "factor 3"])
    for (column, direction) in found.enumerated() {
      #expect(direction.vector == (0..<64).map { eigvec[$0 * 64 + column] })
      #expect(direction.space == .w && abs(direction.scale - 1) < 1e-5)
    }
    #expect(
      try failure(path).hasSuffix(
        "eigvec is of width 64, directions of w of this model have 8"))
  }

  @Test func whatDiscoverWrites() throws {
    let vector: [Float] = [0, 0, 1, 0, 0, 0, 0, 0]
    try NPYArray(Tensor(vector, shape: [1, 8])).save(to: folder.file("sefa-1.npy"))
    func list(_ file: String) throws {
      try AtomicFile.write(
        Array(
          """
          [{"name": "sefa 1", "kind": "sefa", "space": "w", "rows": "coarse", "scale": 2.5,
            "file": "\(file)"}]
          """.utf8), to: folder.file("directions.json"))
    }
    try list("sefa-1.npy")
    for path in [folder.path, folder.path + "/", folder.file("directions.json")] {
      let found = try read(path)
      #expect(found.map(\.name) == ["sefa 1"])
      #expect(found[0].scale == 2.5 && found[0].rows == .coarse && found[0].vector[2] == 2.5)
    }
    try list("../sefa-1.npy")
    #expect(
      try failure(folder.path)
        == "directions.json: \"../sefa-1.npy\" is no file of its folder")
    try AtomicFile.write(Array("{".utf8), to: folder.file("directions.json"))
    #expect(try failure(folder.path).hasPrefix("directions.json: not JSON: "))
  }

  @Test func whatIsNoDirection() throws {
    let path = folder.file("x.npy")
    func words(_ array: NPYArray, _ options: DirectionImport = DirectionImport(space: .w)) throws
      -> String
    {
      try array.save(to: path)
      return try failure(path, options)
    }
    #expect(
      try words(NPYArray([1, 2, 3, 4, 5, 6, 7, 8], shape: [8]))
        == "x.npy: the array holds int64 numbers; directions are floating-point")
    #expect(
      try words(NPYArray(Tensor(zeros: [8])))
        == "x.npy: the array is zero everywhere, which points nowhere")
    #expect(
      try words(NPYArray(Tensor(repeating: .infinity, shape: [1, 8])))
        == "x.npy: the array has a value that is not finite, element 0")
    #expect(
      try words(array([1, 7]))
        == "x.npy: the array is of width 7, directions of w of this model have 8")
    #expect(
      try words(array([1, 5, 8]), DirectionImport())
        == "x.npy: the array has 5 rows, W+ of this model has 12")
    #expect(
      try words(NPYArray(Tensor(repeating: 3e38, shape: [8])))
        == "x.npy: the array is longer than single precision can say")
    #expect(try words(array([1, 1])).contains("has shape [1, 1], expected"))
    #expect(try words(array([2, 2, 2, 2, 2])).contains("has shape [2, 2, 2, 2, 2], expected"))
    #expect(
      try words(array([8]), DirectionImport(space: .w, rows: LayerRange(3...12)))
        == "x.npy: the rows 3-12 do not fit the model, which has rows 0-11")
    #expect(try failure(folder.file("nothing.npy")).hasPrefix("nothing.npy: cannot "))
  }

  @Test(arguments: [
    ("y10_nan_direction.npy", "the array has a value that is not finite, element 19"),
    ("y11_wrong_w_dim.npy", "the array is of width 7, directions of w of this model have 64"),
    ("y14_complex.npy", "elements of type <c8 are not numbers this reader knows"),
    ("q02_object_member.npz", "lat_comp: it holds Python objects, which are never loaded"),
    ("y04_object_pickle.npy", "it holds Python objects, which are never loaded"),
  ])
  func hostileFilesAreToldApart(name: String, words: String) throws {
    var configuration = model.configuration
    configuration.zDim = 64
    configuration.wDim = 64
    let path = TestFixtures.committed("hostile/" + name).path
    do {
      _ = try DirectionFile.read(path: path)
        .directions(for: configuration, DirectionImport(space: .w))
      Issue.record("no error")
    } catch { #expect(error.description == "\(path): \(words)") }
    #expect(!HostileFile.wasExecuted)
  }

  @Test(arguments: HostileFile.all(for: "npy direction", "npy", "npz"))
  func hostileFilesAreRefused(file: HostileFile) throws {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    var configuration = model.configuration
    configuration.zDim = 64
    configuration.wDim = 64
    do {
      let found = try DirectionFile.read(path: file.path)
        .directions(for: configuration, DirectionImport(space: .w))
      // Controls are sound arrays; few have the shape of a direction.
      #expect(file.expect != .error, "\(file): gave \(found.map(\.name))")
    } catch {
      let words = error.description
      #expect(words.contains(file.file) && !words.contains("\n") && words.count < 400)
    }
    #expect(!HostileFile.wasExecuted)
  }

  @Test func filesOfTorchCutAnywhere() throws {
    for name in ["components.pt", "ganspace-export.pkl"] {
      let whole = [UInt8](try Data(contentsOf: URL(filePath: committed(name))))
      let path = folder.file(name)
      for count in stride(from: 0, to: whole.count, by: 7) {
        try Data(whole.prefix(count)).write(to: URL(filePath: path))
        #expect(throws: DirectionError.self) { try read(path) }
      }
    }
  }

  /// Whatever a few wrong bytes make of a file, it gives sound directions or an error.
  @Test(arguments: ["components.pt", "ganspace-export.pkl", "named.pt", "stored", "list"])
  func changedBytesDoNoHarm(name: String) throws {
    let (source, path): (String, String)
    switch name {
    case "stored":
      let library = DirectionFolder(
        folder: folder.path, model: ModelReference(name: "toy", sha256: "00"))
      source = try library.save([
        Direction(
          name: "d", kind: .imported, vector: Array(repeating: 1, count: 8), editing: .absolute,
          center: Array(repeating: 2, count: 8))
      ])[0]
      path = source
    case "list":
      try array([1, 8]).save(to: folder.file("sefa-1.npy"))
      source = folder.file("directions.json")
      try AtomicFile.write(
        Array(
          """
          [{"name": "sefa 1", "space": "w", "rows": "0-3", "scale": 2.5, "file": "sefa-1.npy"}]
          """.utf8), to: source)
      path = source
    default:
      source = committed(name)
      path = folder.file(name)
    }
    let whole = [UInt8](try Data(contentsOf: URL(filePath: source)))
    var random = RandomTensors(seed: 11)
    func draw(_ count: Int) -> Int { min(Int((random.next() + 1) / 2 * Float(count)), count - 1) }
    for _ in 0..<400 {
      var bytes = whole
      for _ in 0...draw(3) {
        let edge: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, UInt8(draw(256))]
        bytes[draw(bytes.count)] = edge[draw(edge.count)]
      }
      try Data(bytes).write(to: URL(filePath: path))
      guard let found = try? read(path) else { continue }
      #expect(found.allSatisfy { $0.vector.allSatisfy(\.isFinite) && $0.scale > 0 })
      _ = try? Recipe(
        latent: .seed(0), edits: found.map { Edit(direction: $0.name, strength: 1) }
      ).ws(model: model, directions: DirectionLibrary(found))
      _ = DirectionFolder(folder: folder.path, model: ModelReference(name: "toy")).list()
    }
  }
}
