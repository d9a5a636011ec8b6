import Checkpoints
import Foundation
import Tensors
import TestFixtures
import Testing

/// `mien model …`, and imported models under `--model`.
@Suite(.serialized) struct ModelCommandTests {
  private let mien: MienProcess
  private let tiny = TestFixtures.committed("hostile/control_tiny.pkl").path

  init() throws { mien = try MienProcess() }

  private func json(_ result: MienProcess.Result) throws -> [String: Any] {
    try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
  }

  private var modelsFolder: String { ".local/share/mien/models" }

  @Test func importedModelsAreUsedByName() throws {
    let imported = try mien("model", "import", tiny, "--name", "tiny", "--licence", "for tests")
    #expect(imported.status == 0)
    #expect(imported.errors == "")
    #expect(imported.output.hasPrefix("imported 'tiny': stylegan2, 16x16,"))
    for model in [tiny, "tiny"] {
      let name = model == "tiny" ? "b.npy" : "a.npy"
      #expect(try mien("generate", "--model", model, "--seeds", "3", "-o", name).status == 0)
    }
    let pictures = try ["a.npy", "b.npy"].map { try NPYArray.load(path: mien.path($0)).tensor }
    #expect(pictures[0].values == pictures[1].values)

    let list = try mien("model", "list")
    #expect(list.output.contains("studio"))
    #expect(list.output.contains("tiny"))
    #expect(list.output.contains("from control_tiny.pkl"))
    let info = try json(try mien("model", "info", "tiny", "--json"))
    #expect(info["usable"] as? Bool == true)
    #expect(info["licence"] as? String == "for tests")
    #expect((info["source"] as? [String: Any])?["file"] as? String == "control_tiny.pkl")
    #expect(try mien("model", "verify").status == 0)

    expect(
      try mien("model", "import", tiny, "--name", "tiny"), fails: 1,
      "mien: there is already a model 'tiny'; --force replaces it, --name gives this one another name"
    )
    #expect(try mien("model", "import", tiny, "--name", "tiny", "--force").status == 0)
    #expect(try mien("model", "remove", "tiny").status == 0)
    expect(
      try mien("model", "remove", "tiny"), fails: 1,
      "mien: there is no imported model 'tiny'; 'mien model list' names them")
    #expect(try mien.files(in: modelsFolder) == [])
  }

  /// A preset made with the file fits the import, and the other way round.
  @Test func presetsFitTheFileAndItsImport() throws {
    _ = try mien("model", "import", tiny, "--name", "tiny")
    #expect(try mien("generate", "--model", tiny, "--seeds", "3", "-o", "a.png").status == 0)
    let result = try mien("generate", "--model", "tiny", "--preset", "a.png", "-o", "b.png")
    #expect(result.errors == "")
    #expect(result.status == 0)
  }

  @Test func aChangedModelIsFound() throws {
    _ = try mien("model", "import", tiny, "--name", "tiny")
    let file = URL(filePath: mien.path(modelsFolder + "/tiny.safetensors"))
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count - 5] ^= 64
    try bytes.write(to: file)
    let result = try mien("model", "verify", "tiny")
    #expect(result.status == 1)
    #expect(result.output.contains("it has changed since it was imported"))
    #expect(result.errors == "mien: one model is damaged; import it again\n")
  }

  @Test(arguments: [
    ("../x", "a name does not begin with '.'"),
    ("a/b", "a name is made of letters, digits, '-', '_', '.' and '+'"),
    ("a b", "a name is made of letters, digits, '-', '_', '.' and '+'"),
    ("", "a name is needed"),
  ]) func namesThatCannotBe(name: String, reason: String) throws {
    expect(
      try mien("model", "import", tiny, "--name", name), fails: 2,
      "mien: '\(name)' cannot be a model's name: \(reason) (see 'mien model import --help')")
  }

  @Test func theBuiltInNameIsTaken() throws {
    expect(
      try mien("model", "import", tiny, "--name", "studio"), fails: 2,
      "mien: 'studio' is the name of the built-in model; choose another (see 'mien model import --help')"
    )
    expect(
      try mien("model", "remove", "studio"), fails: 1,
      "mien: 'studio' is built in and cannot be removed")
  }

  /// A file that is no model leaves nothing behind.
  @Test func whatIsNoModelIsNotImported() throws {
    try Data("hello\n".utf8).write(to: URL(filePath: mien.path("notes.txt")))
    expect(
      try mien("model", "import", "notes.txt"), fails: 1,
      "mien: notes.txt: it is a text file, not a checkpoint")
    #expect(try mien.files() == ["notes.txt"])
  }

  @Test func infoOnOtherFiles() throws {
    try Data("hello\n".utf8).write(to: URL(filePath: mien.path("notes.txt")))
    let text = try mien("model", "info", "notes.txt")
    #expect(text.status == 1)
    #expect(text.errors == "mien: notes.txt: it is a text file, not a checkpoint\n")
    #expect(text.output.contains("sha256"))
    let object = try json(try mien("model", "info", "notes.txt", "--json"))
    #expect(object["usable"] as? Bool == false)
    #expect(object["problem"] as? String == "it is a text file, not a checkpoint")
    #expect(object["bytes"] as? Int == 6)

    let folder = try mien("model", "info", "/usr")
    #expect(folder.status == 1)
    #expect(folder.errors.hasPrefix("mien: /usr: cannot read: "))
    expect(
      try mien("model", "info", "nothing.pkl"), fails: 1,
      "mien: nothing.pkl: cannot open: No such file or directory")
  }

  /// Text in a file cannot command the terminal.
  @Test func controlCharactersAreNotPrinted() throws {
    let path = mien.path("odd.safetensors")
    try Safetensors.save([("a\u{1B}[31m\u{07}", Tensor(zeros: [2]))], to: path)
    let result = try mien("model", "info", path)
    #expect(result.status == 1)
    #expect(!result.errors.contains("\u{1B}"))
    #expect(!result.output.contains("\u{1B}"))
  }

  @Test func infoOnTheBuiltInModel() throws {
    let info = try json(try mien("model", "info", "--json"))
    #expect(info["name"] as? String == "studio")
    #expect(info["usable"] as? Bool == true)
    #expect(((info["rows"] as? [String: Any])?["coarse"]) as? String == "0-3")
  }
}
