import Editor
import Latents
import TUI
import Testing

struct FilmPageTests {
  /// Three faces on the page, the second chosen.
  private func editor(_ columns: Int, _ rows: Int, graphics: GraphicsKind = .sixel) -> ScriptedEditor {
    var editor = ScriptedEditor(columns, rows, graphics: graphics)
    editor.presets = ["dawn": Recipe(latent: .seed(5)), "dusk": Recipe(latent: .seed(6))]
    editor.keys("* v a down enter enter esc left")
    return editor
  }

  @Test(arguments: [(80, 24), (120, 40), (40, 12)])
  func page(columns: Int, rows: Int) {
    var editor = editor(columns, rows)
    assertSnapshot(editor.screen, "film-\(columns)x\(rows)")
    editor.keys("] + + o i space")
    editor.send(.film(.played(seconds: 1.5)))
    assertSnapshot(editor.screen, "film-playing-\(columns)x\(rows)")
  }

  @Test(arguments: [(80, 24), (40, 12)])
  func sources(columns: Int, rows: Int) {
    var editor = editor(columns, rows)
    editor.keys("a")
    assertSnapshot(editor.screen, "film-sources-\(columns)x\(rows)")
  }

  @Test func making() {
    var editor = editor(80, 24)
    editor.keys("m enter")
    editor.send(.film(.making(path: "film.mp4", done: 90, total: 180)))
    assertSnapshot(editor.screen, "film-making-80x24")
    // Editing goes on, and the title tells how far the film is.
    editor.keys("esc")
    #expect(editor.screen.contains("film 50 %"))
    editor.keys("right")
    #expect(editor.recipe.edits.count == 1)
    editor.send(.film(.made(path: "film.mp4")))
    #expect(editor.state.notice == .information("“film.mp4” is done"))
    #expect(editor.state.film.making == nil)
  }

  @Test func emptyPageSaysWhatToDo() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("v d")
    #expect(editor.state.film.keyframes.isEmpty)
    #expect(editor.screen.contains("no keyframes"))
    editor.keys("space m s left right < > + ] d")
    #expect(!editor.state.film.isPlaying)
    editor.keys("c")
    #expect(editor.state.film.keyframes.count == 1)
  }

  @Test func addsFromBookmarksPresetsAndHistory() {
    var editor = ScriptedEditor(80, 24)
    editor.presets = ["dawn": Recipe(latent: .seed(5))]
    editor.keys("* right v")
    let start = editor.state.film.keyframes[0].frame
    #expect(start.recipe == editor.recipe)
    // ★ 1, dawn, the last step, the start.
    editor.keys("a enter enter enter enter esc")
    let names = editor.state.film.keyframes.map(\.frame.name)
    #expect(names.count == 5)
    #expect(names[1] == "★ 1")
    #expect(names[2] == "dawn")
    #expect(editor.state.film.keyframes[2].frame.recipe == Recipe(latent: .seed(5)))
    #expect(editor.state.film.keyframes.allSatisfy { $0.thumbnail != nil })
    #expect(editor.state.film.selected == 4)
  }

  @Test func keyframesAreMovedTimedAndRemoved() {
    var editor = editor(80, 24)
    func names() -> [String] { editor.state.film.keyframes.map(\.frame.name) }
    let before = names()
    #expect(editor.state.film.selected == 1)
    editor.keys("<")
    #expect(names() == [before[1], before[0], before[2]])
    editor.keys("> >")
    #expect(names() == [before[0], before[2], before[1]])
    editor.keys("+ + - ] ] [")
    let chosen = editor.state.film.keyframes[2].frame
    #expect(chosen.duration == 2.25)
    #expect(chosen.hold == 0.25)
    editor.keys("- - - - - - - - - - - -")
    #expect(editor.state.film.keyframes[2].frame.duration == 0.25)
    editor.keys("d d d d")
    #expect(names() == [])
  }

  @Test func playingFollowsChanges() {
    var editor = editor(80, 24)
    editor.keys("space")
    #expect(editor.state.film.isPlaying)
    let before = editor.commands.count
    editor.keys("+")
    #expect(editor.commands[before...].contains { if case .playFilm = $0 { true } else { false } })
    editor.keys("esc")
    #expect(!editor.state.film.isPlaying)
    #expect(editor.commands.last == .stopPlaying)
    #expect(!editor.state.film.isOpen)
  }

  @Test func timelinesAreSavedAndOpened() {
    var editor = editor(80, 24)
    let film = editor.state.film.film
    editor.keys("s ctrl-u \"walk.json\" enter")
    #expect(editor.timelines["walk.json"] == film)
    editor.keys("d d d O enter")
    #expect(editor.state.film.film.keyframes.map(\.recipe) == film.keyframes.map(\.recipe))
    #expect(editor.state.film.keyframes.allSatisfy { $0.thumbnail != nil })
  }

  @Test func theMouseChooses() throws {
    var editor = editor(80, 24)
    let place = try #require(editor.find("dusk"))
    editor.mouse(.press(1), place.column, place.row)
    #expect(editor.state.film.selected == 2)
    editor.mouse(.wheelUp, place.column, place.row)
    #expect(editor.state.film.selected == 1)
  }

  @Test func helpLeadsBackHere() {
    var editor = editor(80, 24)
    editor.keys("? esc")
    #expect(editor.state.film.isOpen)
    #expect(editor.state.contexts == [.film])
  }
}
