import Checkpoints
import Foundation
import Latents
import Tensors
import Testing

@Suite(.serialized)
struct PresetsCommandTests {
  private let mien: MienProcess

  init() throws { mien = try MienProcess() }

  private func write(_ name: String, _ preset: Preset) throws {
    try preset.save(to: mien.path(name))
  }

  private var preset: Preset {
    Preset(
      name: "face", model: ModelReference(name: "studio"),
      recipe: Recipe(
        latent: .seed(42), truncation: Truncation(psi: 0.7),
        mix: [Mix(latent: .seed(7), rows: .coarse)]))
  }

  @Test func showAndDiff() throws {
    var other = preset
    other.recipe.truncation.psi = 0.5
    other.recipe.mix = []
    try write("a.json", preset)
    try write("b.json", other)
    #expect(
      try mien("presets", "show", "a.json").output == """
        name    face
        model   studio
        latent  seed 42
        psi     0.7
        mix 1   coarse of seed 7
        noise   const

        """)
    #expect(try mien("presets", "show", "a.json", "--json").output == preset.json)
    let diff = try mien("presets", "diff", "a.json", "b.json")
    #expect(diff.status == 0)
    #expect(
      diff.output == """
        psi    0.7               →  0.5
        mix 1  coarse of seed 7  →  (none)

        """)
    #expect(try mien("presets", "diff", "a.json", "a.json").output == "")
    #expect(try mien("presets", "diff", "a.json", "a.json", "--json").output == "[]\n")
  }

  @Test func anExportedFaceIsTheSameWhenImported() throws {
    try write("face.json", preset)
    #expect(try mien("presets", "export", "face.json", "-o", "face.npz").status == 0)
    let archive = try NPZArchive.load(path: mien.path("face.npz"))
    #expect(archive.names == ["w"])
    let w = try archive.array("w")
    #expect(w.shape.count == 3 && w.shape[0] == 1)

    let imported = try mien("presets", "import", "face.npz", "--name", "again")
    #expect(imported.status == 0)
    #expect(imported.output.hasSuffix("/mien/presets/again.json\n"))
    // It is in the library now, and by name.
    try mien("generate", "--preset", "again", "-o", "again.npz")
    try mien("generate", "--preset", "face.json", "-o", "first.npz")
    let again = try NPZArchive.load(path: mien.path("again.npz"))
    let first = try NPZArchive.load(path: mien.path("first.npz"))
    #expect(try again.array("images").tensor.values == first.array("images").tensor.values)
    #expect(try again.array("ws").tensor.values == w.tensor.values)

    let taken = try mien("presets", "import", "face.npz", "--name", "again")
    #expect(taken.status == 1)
    #expect(taken.errors.hasSuffix("a preset named \"again\" exists already\n"))
    #expect(try mien("presets", "import", "face.npz", "--name", "again", "--force").status == 0)
  }

  @Test func listNamesOwnAndBuiltIn() throws {
    try mien("presets", "import", "nothing.npy")
    let library = mien.path(".local/share/mien/presets")
    try FileManager.default.createDirectory(atPath: library, withIntermediateDirectories: true)
    try preset.save(to: library + "/face.json")
    try Data("{".utf8).write(to: URL(filePath: library + "/broken.json"))
    let result = try mien("presets", "list")
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n")
    #expect(lines[0].hasPrefix("broken "))
    #expect(lines[0].contains("unreadable: "))
    #expect(lines[1].hasPrefix("face "))
    #expect(lines[1].hasSuffix("studio  seed 42, ψ 0.7, coarse of seed 7"))
    #expect(lines.dropFirst(2).allSatisfy { $0.hasSuffix(" (built in)") })
    #expect(lines.count == 2 + BundledPresets.all.count)
    let list = try #require(
      try JSONSerialization.jsonObject(
        with: Data(mien("presets", "list", "--json").output.utf8)) as? [[String: Any]])
    #expect(list.count == lines.count)
    #expect(list[1]["name"] as? String == "face")
  }

  @Test func everyBuiltInPresetCanBeRendered() throws {
    for preset in BundledPresets.all {
      let result = try mien("generate", "--preset", preset.name, "-o", "out.png")
      #expect(result.status == 0, "\(preset.name): \(result.errors)")
    }
  }

  @Test func latentsOfOtherShapes() throws {
    func expectWords(_ array: NPYArray, _ words: String) throws {
      try array.save(to: mien.path("x.npy"))
      expect(
        try mien("presets", "import", "x.npy", "-o", "x.json"), fails: 1, "mien: x.npy: \(words)")
    }
    let wDim = 384
    try expectWords(
      NPYArray(Tensor(zeros: [2, 3, 4])),
      "the shape [2, 3, 4] is no latent; expected [1, 14, \(wDim)]")
    try NPZArchive.save(
      [("a", NPYArray(Tensor(zeros: [2]))), ("b", NPYArray(Tensor(zeros: [2])))],
      to: mien.path("x.npz"))
    expect(
      try mien("presets", "import", "x.npz", "-o", "x.json"), fails: 1,
      "mien: x.npz: there is no array w in it, it has a, b")
    try expectWords(
      NPYArray(Tensor(zeros: [1, 7])), "the latent has 7 values, the model needs \(wDim)")
    try expectWords(
      NPYArray(Tensor(zeros: [1, 5, wDim])), "the latent has 5 rows, the model needs 14")
    try expectWords(
      NPYArray(Tensor(repeating: .nan, shape: [1, wDim])),
      "a value of the latent is not a finite number")
  }
}
