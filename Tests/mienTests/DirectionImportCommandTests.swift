import Checkpoints
import Foundation
import Latents
import Tensors
import TestFixtures
import Testing

@Suite(.serialized)
struct DirectionImportCommandTests {
  private let mien: MienProcess
  /// A small network: w_dim 64, z_dim 64, 8 rows.
  private let network = TestFixtures.network("sg2ada_fp16")!.appending(path: "network.pkl").path
  private let wDim = 64

  init() throws { mien = try MienProcess() }

  @discardableResult
  private func directions(_ arguments: String...) throws -> MienProcess.Result {
    try mien.run(["directions"] + arguments + ["--model", network])
  }

  private func write(_ name: String, _ shape: Shape, _ value: (Int) -> Float) throws {
    try NPYArray(Tensor((0..<shape.count).map(value), shape: shape)).save(to: mien.path(name))
  }

  @Test func anImportedDirectionIsASlider() throws {
    try write("pose.npy", [1, wDim]) { $0 == 3 ? 2 : 0 }
    expect(
      try directions("import", "pose.npy"), fails: 1,
      "mien: pose.npy: the file does not say whether its directions are of z or of w; say --space z or --space w"
    )
    let imported = try directions(
      "import", "pose.npy", "--space", "w", "--name", "turn", "--rows", "coarse",
      "--scale", "1.5")
    #expect(imported.status == 0, "\(imported.errors)")
    #expect(
      imported.output == """
        name  kind      space  rows    scale  r2
        turn  imported  w      coarse  3

        """)
    #expect(
      try directions("show", "turn").output.hasPrefix(
        """
        name     turn
        kind     imported
        space    w
        rows     coarse
        scale    3
        origin   pose.npy
        nearest  
        """))

    // It edits, in presets too.
    let preset = Preset(
      name: "turned", model: ModelReference(name: "network"),
      recipe: Recipe(
        latent: .seed(1), edits: [Edit(direction: "turn", strength: 2, rows: .coarse)]))
    try preset.save(to: mien.path("turned.json"))
    try mien("generate", "--preset", "turned.json", "-o", "turned.npz", "--model", network)
    try mien("generate", "--seeds", "1", "-o", "plain.npz", "--model", network)
    let turned = try NPZArchive.load(path: mien.path("turned.npz")).array("ws").tensor.values
    let plain = try NPZArchive.load(path: mien.path("plain.npz")).array("ws").tensor.values
    for index in turned.indices {
      let isMoved = index % wDim == 3 && index < 4 * wDim
      #expect(abs(turned[index] - plain[index] - (isMoved ? 6 : 0)) < 1e-5)
    }

    try write("wide.npy", [1, 384]) { Float($0) }
    expect(
      try mien("directions", "import", "wide.npy", "--space", "w", "--name", "smile"), fails: 1,
      "mien: the model has a direction \"smile\" of its own; choose another name")
    let again = try directions("import", "pose.npy", "--space", "w", "--name", "turn")
    #expect(again.status == 1 && again.errors.hasSuffix("\"turn\" exists already\n"))
    #expect(
      try directions("import", "pose.npy", "--space", "w", "--name", "turn", "--force")
        .status == 0)

    #expect(try directions("rename", "turn", "rotate").status == 0)
    expect(
      try directions("rename", "turn", "x"), fails: 1,
      "mien: there is no imported direction \"turn\"; there are rotate")
    expect(
      try mien("directions", "rename", "smile", "x"), fails: 1,
      "mien: 'smile' comes with the model studio; only imported directions can be changed")
    #expect(try directions("remove", "rotate").status == 0)
    #expect(try directions("show", "rotate").status == 1)
  }

  @Test func rowsOfTheirOwnAndAbsolutePlaces() throws {
    try write("age.npy", [8, wDim]) { Float($0 % 7) }
    let imported = try directions("import", "age.npy", "--rows", "0-5", "--json")
    let list = try #require(
      try JSONSerialization.jsonObject(with: Data(imported.output.utf8)) as? [[String: Any]])
    #expect(list.count == 1)
    #expect(list[0]["space"] as? String == "w+" && list[0]["rows"] as? String == "0-5")
    #expect(list[0]["editing"] as? String == "relative")
    expect(
      try directions("import", "age.npy", "--absolute"), fails: 1,
      "mien: age.npy: absolute editing needs one vector for all rows, a W+ direction has one for each"
    )
    try write("wrong.npy", [1, 7]) { Float($0) }
    expect(
      try directions("import", "wrong.npy", "--space", "w"), fails: 1,
      "mien: wrong.npy: the array is of width 7, directions of w of this model have \(wDim)")
    let usage = try directions("import", "age.npy", "--scale", "0")
    #expect(usage.status == 2)
  }

  @Test func whatDiscoverFoundCanBeImported() throws {
    try mien(
      "discover", "--method", "pca", "--layers", "middle", "--count", "2", "-o", "found",
      "--model", network)
    expect(
      try directions("import", "found"), fails: 1,
      "mien: the model has a direction \"pca 1\" of its own; choose another name")
    let imported = try directions("import", "found", "--name", "tone")
    #expect(imported.status == 0, "\(imported.errors)")
    #expect(imported.output.contains("tone 1  imported  w      middle"))
    #expect(imported.output.contains("tone 2  imported  w      middle"))
    #expect(
      try directions("show", "tone 1").output.contains("pca 1 (cosine 1)"))
  }

  @Test func damagedFilesOfTheLibraryAreNamed() throws {
    try write("pose.npy", [1, wDim]) { Float($0) }
    try directions("import", "pose.npy", "--space", "w")
    let library = mien.path(".local/share/mien/directions")
    let folder = try #require(FileManager.default.contentsOfDirectory(atPath: library).first)
    try Data("no".utf8).write(
      to: URL(filePath: "\(library)/\(folder)/broken.safetensors"))
    let list = try directions("list")
    #expect(list.status == 0)
    let last = list.output.split(separator: "\n").suffix(2)
    #expect(last.first?.hasPrefix("pose ") == true)
    #expect(last.last?.hasPrefix("broken ") == true && last.last?.contains("unusable: ") == true)
  }
}
