import Checkpoints
import Foundation
import Imaging
import Latents
import Tensors
import Testing

@testable import mien

@Suite(.serialized)
struct GenerateCommandTests {
  private let mien: MienProcess

  init() throws { mien = try MienProcess() }

  private func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(filePath: mien.path(name))))
  }

  @Test func theSameSeedGivesTheSameBytes() throws {
    for name in ["a.png", "b.png"] {
      let result = try mien("generate", "--seeds", "42", "-o", name)
      #expect(result.status == 0)
      #expect(result.output == "")
      #expect(result.errors == "")
    }
    #expect(try bytes("a.png") == bytes("b.png"))
  }

  @Test func aPictureCarriesItsRecipeAndCanBeMadeAgainFromIt() throws {
    try mien(
      "generate", "--seeds", "5", "--psi", "0.7", "--cutoff", "4", "--noise", "random", "-o",
      "face.png")
    let contents = try PNG.decode(bytes("face.png"))
    let text = try #require(contents.text(for: "mien"))
    let preset = try Preset(json: Array(text.utf8), file: "face.png")
    #expect(preset.name == "seed0005")
    #expect(preset.model.name == "studio")
    #expect(preset.model.sha256?.count == 64)
    #expect(
      preset.recipe
        == Recipe(
          latent: .seed(5), truncation: Truncation(psi: 0.7, cutoff: 4),
          noise: NoiseSetting(mode: .random, seed: 5)))

    #expect(try mien("generate", "--preset", "face.png", "-o", "again.png").status == 0)
    #expect(try PNG.decode(bytes("again.png")).image == contents.image)
    try Data(text.utf8).write(to: URL(filePath: mien.path("recipe.json")))
    #expect(try mien("generate", "--preset", "recipe.json", "-o", "third.ppm").status == 0)
    #expect(try PPM.decode(bytes("third.ppm")) == contents.image)
  }

  @Test func optionsOverrideThePreset() throws {
    try mien("generate", "--seeds", "5", "--psi", "0.3", "-o", "face.png")
    try mien("generate", "--preset", "face.png", "--psi", "1", "-o", "again.png")
    try mien("generate", "--seeds", "5", "-o", "plain.png")
    #expect(
      try PNG.decode(bytes("again.png")).image == PNG.decode(bytes("plain.png")).image)
  }

  @Test func aFolderHoldsAPictureForEverySeed() throws {
    #expect(try mien("generate", "--seeds", "3,8,12345", "-o", "new/faces").status == 0)
    #expect(try mien.files(in: "new/faces") == ["seed0003.png", "seed0008.png", "seed12345.png"])
  }

  @Test func picturesAreTheArraysOfTheSameSeeds() throws {
    #expect(try mien("generate", "--seeds", "0,1", "-o", "faces.npz").status == 0)
    #expect(try mien("generate", "--seeds", "0,1", "-o", "faces.npy").status == 0)
    #expect(try mien("generate", "--seeds", "0,1", "--grid", "2x2", "-o", "sheet.png").status == 0)
    let archive = try NPZArchive.load(path: mien.path("faces.npz"))
    #expect(archive.names == ["images", "z", "w", "ws"])
    let images = try archive.array("images")
    let array = try NPYArray.load(path: mien.path("faces.npy"))
    #expect(array.type == .float32)
    #expect(array.shape == images.shape)
    #expect(array.tensor.values == images.tensor.values)
    let side = images.shape[3]
    #expect(images.shape == [2, 3, side, side])
    let z = try archive.array("z")
    // RandomState(0).randn and RandomState(1).randn begin so.
    #expect(z.tensor.values[0] == 1.7640524)
    #expect(z.tensor.values[z.shape[1]] == 1.6243454)

    // Byte = truncate(clamp(127.5 x + 128)), red of the top left pixel of the second face.
    let sheet = try PNG.decode(bytes("sheet.png")).image
    #expect((sheet.width, sheet.height) == (2 * side, 2 * side))
    for (face, offset) in [(0, 0), (1, 3 * side)] {
      let x = images.tensor.values[face * 3 * side * side]
      #expect(sheet.bytes[offset] == UInt8(max(0, min(255, x * 127.5 + 128))))
    }
    #expect(sheet.bytes.suffix(2 * side * side * 3).allSatisfy { $0 == 0 })
  }

  @Test func wsAreTruncatedAndWIsNot() throws {
    try mien("generate", "--seeds", "9", "--psi", "0.5", "--cutoff", "4", "-o", "cut.npz")
    let archive = try NPZArchive.load(path: mien.path("cut.npz"))
    let w = try archive.array("w").tensor.values
    let ws = try archive.array("ws")
    let (rows, width) = (ws.shape[1], ws.shape[2])
    let values = ws.tensor.values
    #expect(ws.shape == [1, rows, w.count])
    #expect(Array(values[4 * width..<5 * width]) == w)
    #expect(Array(values[0..<width]) == Array(values[3 * width..<4 * width]))
    #expect(Array(values[0..<width]) != w)
  }

  @Test func seedsOfWAreFacesOfW() throws {
    let result = try mien("generate", "--seeds", "1,2", "--space", "w", "-o", "faces.npz")
    #expect(result.status == 0)
    let archive = try NPZArchive.load(path: mien.path("faces.npz"))
    // There is no z.
    #expect(archive.names == ["images", "w", "ws"])
    let w = try archive.array("w")
    #expect(w.shape[0] == 2)
    #expect(Set(w.tensor.values).count > w.shape[1])
    expect(
      try mien("generate", "--seeds", "1", "--space", "w", "--class", "0", "-o", "x.png"), fails: 2,
      "mien: --class chooses how z is mapped; it has no meaning with --space w (see 'mien generate --help')"
    )
  }

  // MARK: Bad input

  @Test(arguments: [
    (["--seeds", "1", "-o", "x.png", "--bogus"], "Unknown option '--bogus'"),
    (["-o", "x.png"], "Missing expected argument '--seeds <seeds>' or '--preset <preset>'"),
    (["--seeds", "1"], "Missing expected argument '--output <path>'"),
    (
      ["--seeds", "1x", "-o", "x.png"],
      "The value '1x' is invalid for '--seeds <seeds>': write seeds as 7, 0-35 or 3,8,12-19"
    ),
    (
      ["--seeds", "4294967296", "-o", "x.png"],
      "The value '4294967296' is invalid for '--seeds <seeds>': seeds run from 0 to 4294967295"
    ),
    (["--seeds", "1", "-o", "x.png", "--psi", "nan"], "--psi is a finite number, not nan"),
    (["--seeds", "1", "-o", "x.png", "--cutoff=-1"], "--cutoff counts rows from 0, not -1"),
    (
      ["--seeds", "1", "-o", "x.png", "--noise", "loud"],
      "The value 'loud' is invalid for '--noise <const|random|none>'. Please provide one of 'const', 'random' or 'none'."
    ),
    (
      ["--seeds", "1", "-o", "x.png", "--grid", "6"],
      "The value '6' is invalid for '--grid <COLSxROWS>': write a grid as COLSxROWS, such as 6x4"
    ),
  ])
  func usage(arguments: [String], words: String) throws {
    expect(
      try mien.run(["generate"] + arguments), fails: 2,
      "mien: \(words) (see 'mien generate --help')")
    #expect(try mien.files() == [])
  }

  @Test func picturesThatDoNotFitTheirFile() throws {
    expect(
      try mien("generate", "--seeds", "0-35", "-o", "x.png"), fails: 2,
      "mien: x.png: 36 pictures do not fit one file; give a folder or --grid COLSxROWS")
    expect(
      try mien("generate", "--seeds", "0-35", "--grid", "5x7", "-o", "x.ppm"), fails: 2,
      "mien: 36 pictures do not fit a grid of 5x7")
    expect(
      try mien("generate", "--seeds", "0", "--grid", "5x7", "-o", "x.npy"), fails: 2,
      "mien: x.npy: --grid makes one .png or .ppm")
    expect(
      try mien("generate", "--seeds", "0-999999", "-o", "x.npy"), fails: 2,
      "mien: x.npy: 1000000 pictures need an array of more than 16 GiB; give a folder or fewer seeds"
    )
    expect(
      try mien("generate", "--seeds", "0-4294967295", "-o", "faces"), fails: 2,
      "mien: more than 1000000 pictures were asked for")
    #expect(try mien.files() == [])
  }

  @Test func anUnwritableOutputIsFoundFirst() throws {
    try Data().write(to: URL(filePath: mien.path("file")))
    expect(
      try mien("generate", "--seeds", "0", "-o", "missing/x.png"), fails: 1,
      "mien: missing/x.png: cannot create: No such file or directory")
    expect(
      try mien("generate", "--seeds", "0", "-o", "file/x.png"), fails: 1,
      "mien: file/x.png: cannot create: Not a directory")
    expect(
      try mien("generate", "--seeds", "0", "-o", "file"), fails: 1,
      "mien: file: cannot make the folder: Not a directory")
    expect(
      try mien("generate", "--seeds", "0", "-o", "/proc/x.png"), fails: 1,
      "mien: /proc/x.png: cannot create: No such file or directory")
    #expect(try mien.files() == ["file"])
  }

  @Test func aMissingModel() throws {
    expect(
      try mien("generate", "--model", "nobody.pkl", "--seeds", "0", "-o", "x.png"), fails: 1,
      "mien: nobody.pkl: cannot open: No such file or directory")
    expect(
      try mien("generate", "--model", "nobody", "--seeds", "0", "-o", "x.png"), fails: 1,
      "mien: there is no model 'nobody'; 'studio' is built in, others are given as the path of a checkpoint"
    )
    expect(
      try mien("generate", "--model", ".", "--seeds", "0", "-o", "x.png"), fails: 1,
      "mien: .: cannot read: Is a directory")
  }

  @Test func presetsThatMeanNothing() throws {
    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(filePath: mien.path(name)))
    }
    try write(
      "other.json",
      #"{"mien": 1, "name": "x", "model": {"name": "ffhq", "sha256": "00"}, "latent": {"seed": 1}}"#
    )
    try write(
      "edit.json",
      #"{"mien": 1, "name": "x", "model": {"name": "studio"}, "latent": {"seed": 1}, "edits": [{"direction": "wings", "strength": 1}]}"#
    )
    try write("broken.json", #"{"mien": 1, "#)
    expect(
      try mien("generate", "--preset", "other.json", "-o", "x.png"), fails: 1,
      "mien: other.json: the preset was made for \"ffhq\", the loaded model is \"studio\"")
    #expect(try mien("generate", "--preset", "other.json", "--force", "-o", "x.png").status == 0)

    let unknown = try mien("generate", "--preset", "edit.json", "-o", "y.png")
    #expect(unknown.status == 1)
    #expect(
      unknown.errors.hasPrefix("mien: edit.json: the model has no direction \"wings\"; it has "))
    #expect(unknown.errors.split(separator: "\n").count == 1)

    let broken = try mien("generate", "--preset", "broken.json", "-o", "y.png")
    #expect(broken.status == 1)
    #expect(broken.errors.hasPrefix("mien: broken.json: not JSON: line 1, column 13: "))
    expect(
      try mien("generate", "--preset", "nobody's", "-o", "y.png"), fails: 1,
      "mien: there is no preset 'nobody's'; 'mien presets list' names them, or give the path of a file"
    )
    expect(
      try mien("generate", "--preset", "none.json", "-o", "y.png"), fails: 1,
      "mien: none.json: cannot open: No such file or directory")
    #expect(try mien.files() == ["broken.json", "edit.json", "other.json", "x.png"])
  }

  @Test func aClassForAModelWithout() throws {
    expect(
      try mien("generate", "--seeds", "0", "--class", "1", "-o", "x.png"), fails: 1,
      "mien: class 1 was asked for, but the model has no classes")
  }

  @Test func controlCKeepsWhatIsDone() throws {
    let running = try mien.start(["generate", "--seeds", "0-100000", "-o", "faces"])
    let first = mien.path("faces/seed0000.png")
    while running.process.isRunning, !FileManager.default.fileExists(atPath: first) { usleep(5000) }
    running.process.interrupt()
    running.process.waitUntilExit()
    let result = try running.result()
    #expect(result.status == 130)
    let files = try mien.files(in: "faces")
    #expect(result.errors == "mien: cancelled; \(files.count) of 100001 pictures are in faces\n")
    for file in files { _ = try PNG.decode(bytes("faces/" + file)) }
  }
}
