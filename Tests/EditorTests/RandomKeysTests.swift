import Editor
import Latents
import TUI
import Testing

/// Keys and clicks at random: nothing traps, and what must always hold does.
struct RandomKeysTests {
  private struct Random: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ (state >> 29)
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func tenThousandKeys(seed: UInt64) {
    var random = Random(state: seed)
    let sizes = [(80, 24), (120, 40), (40, 12), (20, 5)]
    let (columns, rows) = sizes[Int(seed) % sizes.count]
    var editor = ScriptedEditor(columns, rows)
    editor.presets = ["one": Recipe(latent: .seed(1))]
    let bound = EditorKeys.table.bindings.flatMap(\.chords).filter {
      // Leaving would end it too soon.
      $0 != .character("q") && $0 != .control("c")
    }
    for count in 0..<10_000 {
      switch Int.random(in: 0..<20, using: &random) {
      case 0:
        let letters = Array("abcxyz é漢🙂~|%")
        editor.press(.character(letters.randomElement(using: &random) ?? "a"))
      case 1...4:
        let kinds: [MouseEvent.Kind] = [
          .press(1), .drag(1), .release, .wheelUp, .wheelDown, .press(2),
        ]
        editor.mouse(
          kinds.randomElement(using: &random) ?? .release,
          Int.random(in: -1...columns, using: &random), Int.random(in: -1...rows, using: &random))
      case 5 where count % 50 == 0:
        let (columns, rows) = sizes.randomElement(using: &random) ?? (80, 24)
        editor.send(.input(.resize(Size(columns: columns, rows: rows)), time: editor.time))
      case 6: editor.settle()
      case 7: editor.pause(1)
      case 8: editor.send(.input(.paste("12\u{7}3"), time: editor.time))
      default: editor.press(bound.randomElement(using: &random) ?? .character("?"))
      }
      if count % 20 == 0 { _ = view(editor.state) }
      let history = editor.state.document.history
      #expect(history.steps.indices.contains(history.index))
      for edit in editor.recipe.edits { #expect((-5...5).contains(edit.strength)) }
      for mix in editor.recipe.mix {
        #expect((0...1).contains(mix.weight))
        #expect(mix.rows.fits(editor.state.model.configuration))
      }
      #expect(editor.lastRender != nil)
    }
    editor.keys("esc esc")
    // The journal gives the same history back, whatever happened.
    editor.keys("x right q")
    if editor.state.isFinished {
      #expect(JournalReplay(editor.journal).history == editor.state.document.history)
      #expect(JournalReplay(editor.journal).bookmarks == editor.state.document.bookmarks)
    }
  }

  @Test(arguments: [11, 12, 13] as [UInt64])
  func undoThenRedoIsIdentity(seed: UInt64) {
    var random = Random(state: seed)
    var editor = ScriptedEditor(80, 24)
    let keys = ["right", "left", "down", "up", "g", "m", "1", "5", "r", "]", "x", "L", "0", "tab"]
    for _ in 0..<300 { editor.keys(keys.randomElement(using: &random) ?? "right") }
    editor.keys("up")
    let all = editor.state.document.history.steps
    let last = editor.recipe
    let count = all.count
    for _ in 0..<count { editor.keys("u") }
    #expect(editor.recipe == all[0].recipe)
    for _ in 0..<count { editor.keys("U") }
    #expect(editor.recipe == last)
    #expect(editor.state.document.history.steps == all)
  }
}
