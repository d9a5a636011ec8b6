import Editor
import Foundation
import Latents
import TUI
import Testing

struct JournalTests {
  private let model = ModelReference(name: "studio", sha256: "abc")

  private func folder() -> String {
    FileManager.default.temporaryDirectory.appending(path: "mien-journal-\(UUID().uuidString)")
      .path
  }

  private var records: [JournalRecord] {
    var recipe = Recipe(latent: .seed(42), truncation: Truncation(psi: 0.7, cutoff: 8))
    let first = History.Step(recipe, label: "seed 42", isStart: true)
    recipe.edits = [Edit(direction: "smile “wide”\n", strength: 1.25, rows: LayerRange(2...5))]
    recipe.mix = [Mix(latent: .seed(7), rows: LayerRange(0...3), weight: 0.5)]
    let second = History.Step(recipe, label: "smile +1.25\nand more")
    recipe.noise = NoiseSetting(mode: .random, seed: 3)
    recipe.latent = .ws((0..<96).map { Float($0) / 7 }, rows: 12)
    let third = History.Step(recipe, label: "")
    return [
      .step(first), .step(second), .amended(third), .step(second), .moved(1),
      .bookmarks([recipe, first.recipe]), .step(first), .dropped,
    ]
  }

  @Test func aSessionComesBack() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do {
      // The process ends here as in a crash: nothing closes the session but the system.
      let journal = JournalFolder(folder: folder, name: "1", model: model)
      for record in records { try journal.append([record]) }
      #expect(journal.findSession() == nil, "a session does not find itself")
    }
    let next = JournalFolder(folder: folder, name: "2", model: model)
    let replay = try #require(next.findSession())
    let expected = JournalReplay(records)
    #expect(replay == expected)
    #expect(replay.bookmarks.count == 2)
    #expect(next.restoreSession() == expected)
    #expect(next.findSession() != nil, "it stays until its steps are written elsewhere")
    try next.append(records)
    #expect(
      JournalFolder(folder: folder, name: "3", model: model).findSession() == nil,
      "the old one is gone, the new one in use")
  }

  @Test func aRunningSessionIsNotOffered() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let running = JournalFolder(folder: folder, name: "1", model: model)
    try running.append(records)
    #expect(JournalFolder(folder: folder, name: "2", model: model).findSession() == nil)
    withExtendedLifetime(running) {}
  }

  @Test func aSessionOfAnotherModelIsNotOffered() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do { try JournalFolder(folder: folder, name: "1", model: model).append(records) }
    let other = ModelReference(name: "other", sha256: "def")
    #expect(JournalFolder(folder: folder, name: "2", model: other).findSession() == nil)
  }

  @Test func discardingLeavesNothing() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let journal = JournalFolder(folder: folder, name: "1", model: model)
    try journal.append([records[0]])
    #expect(!FileManager.default.fileExists(atPath: folder), "the first face alone is no session")
    try journal.append([records[1]])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["1.jsonl"])
    journal.discard()
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  /// Cut anywhere, a journal gives the steps that were whole.
  @Test func aTruncatedJournal() throws {
    let folder = folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do { try JournalFolder(folder: folder, name: "1", model: model).append(records) }
    let path = folder + "/1.jsonl"
    let bytes = try Data(contentsOf: URL(filePath: path))
    var counts: Set<Int> = []
    for length in stride(from: 0, through: bytes.count, by: 13) {
      try bytes.prefix(length).write(to: URL(filePath: path))
      let replay = JournalFolder(folder: folder, name: "2", model: model).findSession()
      counts.insert(replay?.history?.steps.count ?? 0)
    }
    #expect(counts.isSubset(of: [0, 2, 3]))
    try Data("{\"record\":\"step\"}\nnonsense\u{0}".utf8).write(to: URL(filePath: path))
    #expect(JournalFolder(folder: folder, name: "2", model: model).findSession() == nil)
  }

  @Test func aFolderThatCannotBeMade() {
    let journal = JournalFolder(folder: "/dev/null/journals", name: "1", model: model)
    #expect(throws: (any Error).self) { try journal.append(records) }
  }

  @Test func theEditorOffersAndRestores() {
    var editor = ScriptedEditor(80, 24)
    let replay = JournalReplay(records)
    editor.session = replay
    editor.keys("right")
    let own = editor.recipe
    editor.send(.sessionFound(steps: 2))
    #expect(editor.screen.contains("R brings them back"))
    editor.keys("R")
    #expect(editor.recipe == replay.history?.current.recipe)
    #expect(editor.state.document.bookmarks == replay.bookmarks)
    for _ in 0..<4 where editor.recipe != own { editor.keys("u") }
    #expect(editor.recipe == own)
    editor.keys("R")
    #expect(editor.screen.contains("there is no earlier session"))
  }

  /// In the middle of a drag nothing is written until the picture settles; the last state is.
  @Test func aDragIsWrittenWhenItRests() throws {
    var editor = ScriptedEditor(120, 40)
    let region = editor.state.regions.first { $0.target == .track(.slider(SliderID("age"))) }
    let track = try #require(region).rect
    let written = editor.journal.count
    editor.mouse(.press(1), track.origin.column, track.origin.row)
    for offset in 1..<5 { editor.mouse(.drag(1), track.origin.column + offset, track.origin.row) }
    editor.settle()
    editor.mouse(.drag(1), track.origin.column + 6, track.origin.row)
    editor.mouse(.release, track.origin.column + 6, track.origin.row)
    #expect(JournalReplay(editor.journal).history == editor.state.document.history)
    #expect(editor.journal.count <= written + 4)
  }
}
