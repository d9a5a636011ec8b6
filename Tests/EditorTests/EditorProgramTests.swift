import Foundation
import Imaging
import Latents
import StyleGAN
import TUI
import Tensors
import Testing

@testable import Editor

/// The whole editor over the toy model, files in a temporary folder.
struct EditorProgramTests {
  /// A program and what wakes it.
  private final class Session {
    let wakes = Monitor<Int>(0)
    let program: EditorProgram
    let folder: String

    init(
      folder: String = FileManager.default.temporaryDirectory
        .appending(path: "mien-editor-\(UUID().uuidString)").path,
      preset: Preset? = nil
    ) {
      self.folder = folder
      let reference = ModelReference(name: "toy", sha256: "abc")
      let wakes = wakes
      program = EditorProgram(
        model: EditorModel(
          name: "toy", sha256: "abc", model: ToyModel(), directions: ToyModel.directions,
          discover: { ToyModel.components }),
        recipe: preset?.recipe ?? Recipe(latent: .seed(42), truncation: Truncation(psi: 0.7)),
        presetName: preset?.name,
        services: .files(
          presets: PresetLibrary(folder: folder + "/presets"),
          bundled: [Preset(name: "bundled", model: reference, recipe: Recipe(latent: .seed(1)))],
          journals: folder + "/journals", model: reference),
        wake: { wakes.update { $0 += 1 } })
      program.terminalDidStart(
        TerminalTraits(size: Size(columns: 80, rows: 24), cell: .init(width: 8, height: 16)))
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func keys(_ keys: Key...) { for key in keys { program.receive([.key(key, [])]) } }

    func type(_ text: String) { for character in text { keys(.character(character)) } }

    /// Serves wakes until something holds.
    func wait(_ condition: (State) -> Bool) -> Bool {
      for _ in 0..<500 {
        if condition(program.state) { return true }
        guard
          wakes.wait(
            atMost: 10,
            { count -> Bool? in
              guard count > 0 else { return nil }
              count -= 1
              return true
            }) != nil
        else { return false }
        program.receive([.wake])
      }
      return false
    }

    func settle() -> Bool {
      wait {
        $0.pictures.current?.report.isSettled == true
          && $0.pictures.current?.report.request == $0.pictures.lastRequest
      }
    }
  }

  @Test func fromStartToAnEditedFace() throws {
    let session = Session()
    #expect(session.program.image(State.ImageID.current) == nil)
    #expect(session.settle())
    let first = try #require(session.program.image(State.ImageID.current))
    #expect(first.width == 64)
    session.keys(.right, .right, .right)
    #expect(session.settle())
    let second = try #require(session.program.image(State.ImageID.current))
    #expect(first != second)
    #expect(session.program.imageQuality == .still)
    let frame = session.program.view(Size(columns: 80, rows: 24))
    #expect(frame.placements.count == 1)
    #expect(frame.placements[0].generation == session.program.state.pictures.current?.generation)
    session.type("u")
    #expect(session.settle())
    #expect(session.program.image(State.ImageID.current) == first)
  }

  @Test func componentsAppear() {
    let session = Session()
    #expect(session.wait { $0.panel.discovery == .done })
    #expect(session.program.view(Size(columns: 80, rows: 40)).description.contains("sefa 1"))
    session.type("/pca 3")
    session.keys(.enter, .right)
    #expect(session.settle())
    #expect(session.program.state.recipe.edits.map(\.direction) == ["pca 3"])
    #expect(session.program.state.notice == nil)
  }

  @Test func presetsOnDisk() throws {
    let session = Session()
    session.keys(.right)
    session.type("smorning")
    session.keys(.enter)
    let saved = try PresetLibrary(folder: session.folder + "/presets").load("morning")
    #expect(saved.recipe == session.program.state.recipe)
    #expect(saved.model == ModelReference(name: "toy", sha256: "abc"))
    session.type("rsmorning")
    session.keys(.enter)
    #expect(
      session.program.view(Size(columns: 80, rows: 24)).description.contains(
        "There is a preset “morning”"))
    session.type("y")
    session.type("o")
    let list = session.program.view(Size(columns: 80, rows: 24)).description
    #expect(list.contains("morning") && list.contains("bundled"))
    session.keys(.end, .enter)
    #expect(session.program.state.recipe.latent == .seed(1))
    session.type("od")
    session.keys(.escape)
  }

  @Test func whatAPresetSaysBesidesIsKept() throws {
    let session = Session()
    let path = session.folder + "/presets/a.json"
    try FileManager.default.createDirectory(
      atPath: session.folder + "/presets", withIntermediateDirectories: true)
    try Data(
      """
      {"mien": 1, "name": "a", "model": {"name": "toy", "sha256": "abc"}, "latent": {"seed": 3},
       "note": "keep me"}
      """.utf8
    ).write(to: URL(filePath: path))
    session.type("o")
    session.keys(.enter)
    #expect(session.program.state.recipe.latent == .seed(3))
    session.keys(.right)
    session.type("s")
    session.keys(.enter)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("keep me") && text.contains("smile"))
  }

  @Test func aPresetOfAnotherModelIsRefused() throws {
    let session = Session()
    try PresetLibrary(folder: session.folder + "/presets").save(
      Preset(
        name: "a", model: ModelReference(name: "ffhq", sha256: "def"),
        recipe: Recipe(latent: .seed(3))))
    session.type("o")
    session.keys(.enter)
    #expect(session.program.state.recipe.latent == .seed(42))
    #expect(session.program.state.notice?.kind == .error)
  }

  @Test func anotherPresetsFaceIsMixedAsItLooks() throws {
    let session = Session()
    let other = Recipe(
      latent: .seed(9), truncation: Truncation(psi: 0.5),
      edits: [Edit(direction: "age", strength: 2)])
    try PresetLibrary(folder: session.folder + "/presets").save(
      Preset(name: "a", model: ModelReference(name: "toy", sha256: "abc"), recipe: other))
    session.type("ob")
    let ws = try other.ws(model: ToyModel(), directions: ToyModel.directions)
    #expect(session.program.state.recipe.mix.map(\.latent) == [.ws(ws.values, rows: 10)])
    session.type("o")
    session.keys(.down)
    session.type("b")
    #expect(session.program.state.recipe.mix[0].latent != .seed(1), "its ψ is another one")
  }

  @Test func aSessionThatWasKilledIsOffered() {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "mien-editor-\(UUID().uuidString)").path
    let recipe: Recipe
    do {
      let first = Session(folder: folder + "/a")
      first.keys(.right, .right, .down, .right)
      recipe = first.program.state.recipe
      first.program.terminalWillEnd()
      try? FileManager.default.copyItem(atPath: folder + "/a", toPath: folder + "/b")
    }
    // The copy stands for a session that ended long ago: this process still holds the first one.
    try? FileManager.default.moveItem(
      atPath: folder + "/b/journals/" + name(in: folder + "/b/journals"),
      toPath: folder + "/b/journals/0.jsonl")
    let second = Session(folder: folder + "/b")
    #expect(second.program.state.document.recoverableSteps == 3)
    #expect(second.program.view(Size(columns: 80, rows: 24)).description.contains("3 steps of"))
    second.type("R")
    #expect(second.program.state.recipe == recipe)
    try? FileManager.default.removeItem(atPath: folder)
  }

  private func name(in folder: String) -> String {
    (try? FileManager.default.contentsOfDirectory(atPath: folder).first) ?? ""
  }

  @Test func quitting() {
    let session = Session()
    session.type("q")
    #expect(session.program.isFinished)
    #expect(!FileManager.default.fileExists(atPath: session.folder + "/journals"))
  }
}
