import Editor
import Latents
import StyleGAN
import TUI
import Testing

/// Whole screens, as text.
struct PageSnapshotTests {
  @Test(arguments: [(80, 24), (120, 40), (40, 12), (200, 60), (50, 40)])
  func start(columns: Int, rows: Int) {
    assertSnapshot(ScriptedEditor(columns, rows).screen, "start-\(columns)x\(rows)")
  }

  @Test(arguments: [(80, 24), (120, 40), (40, 12)])
  func edited(columns: Int, rows: Int) {
    var editor = ScriptedEditor(columns, rows)
    editor.keys("right right right down - 1 . 2 5 down g right")
    editor.settle()
    assertSnapshot(editor.screen, "edited-\(columns)x\(rows)")
  }

  @Test func beforeTheFirstPicture() {
    let first = ScriptedEditor(80, 24, components: false)
    var state = State(
      model: first.state.model, sliders: ToyModel.directions.all.map(SliderSpec.init),
      recipe: first.recipe, screen: first.state.screen)
    _ = update(&state, .started(first.state.screen))
    assertSnapshot(view(state).description, "first-picture-80x24")
  }

  @Test func tooSmall() {
    var editor = ScriptedEditor(80, 24)
    editor.send(.input(.resize(Size(columns: 30, rows: 8)), time: 0))
    assertSnapshot(editor.screen, "too-small-30x8")
    editor.send(.input(.resize(Size(columns: 3, rows: 1)), time: 0))
    #expect(editor.screen == "mi…\n")
    editor.send(.input(.resize(Size(columns: 0, rows: 0)), time: 0))
    #expect(editor.screen == "\n")
    editor.send(.input(.resize(Size(columns: 80, rows: 24)), time: 0))
    #expect(editor.screen == ScriptedEditor(80, 24).screen)
  }

  @Test(arguments: [(80, 24), (120, 40), (40, 12)])
  func mix(columns: Int, rows: Int) {
    var editor = ScriptedEditor(columns, rows)
    editor.keys("m 2 right right down left 4")
    editor.settle()
    assertSnapshot(editor.screen, "mix-\(columns)x\(rows)")
  }

  @Test(arguments: [(80, 24), (120, 40), (40, 12)])
  func help(columns: Int, rows: Int) {
    var editor = ScriptedEditor(columns, rows)
    editor.keys("?")
    assertSnapshot(editor.screen, "help-\(columns)x\(rows)")
    if rows < 40 {
      editor.keys("pagedown")
      assertSnapshot(editor.screen, "help-down-\(columns)x\(rows)")
    }
  }

  @Test(arguments: [(80, 24), (40, 12)])
  func find(columns: Int, rows: Int) {
    var editor = ScriptedEditor(columns, rows)
    editor.keys("/ \"open\"")
    assertSnapshot(editor.screen, "find-\(columns)x\(rows)")
    editor.keys("enter")
    assertSnapshot(editor.screen, "found-\(columns)x\(rows)")
  }

  @Test func nothingFound() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("/ \"zebra\" enter")
    assertSnapshot(editor.screen, "nothing-found-80x24")
  }

  @Test func editedOnly() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right / \"sefa_2\" enter right E")
    assertSnapshot(editor.screen, "edited-only-80x24")
  }

  @Test(arguments: [(80, 24), (120, 40), (40, 12)])
  func history(columns: Int, rows: Int) {
    var editor = ScriptedEditor(columns, rows)
    editor.keys("right down right g down right r y up up")
    editor.settle()
    assertSnapshot(editor.screen, "history-\(columns)x\(rows)")
  }

  @Test(arguments: [(80, 24), (40, 12)])
  func savePrompt(columns: Int, rows: Int) {
    var editor = ScriptedEditor(columns, rows)
    editor.keys("right s \"morning\"")
    assertSnapshot(editor.screen, "save-\(columns)x\(rows)")
    editor.keys("enter")
    assertSnapshot(editor.screen, "saved-\(columns)x\(rows)")
    editor.keys("right s")
    editor.keys("ctrl-u \"evening\" enter s ctrl-u \"morning\" enter")
    assertSnapshot(editor.screen, "overwrite-\(columns)x\(rows)")
  }

  @Test(arguments: [(80, 24), (120, 40), (40, 12)])
  func presets(columns: Int, rows: Int) {
    var editor = ScriptedEditor(columns, rows)
    for index in 1...30 { editor.presets["face \(index)"] = Recipe(latent: .seed(UInt32(index))) }
    editor.keys("o down down")
    editor.settle()
    assertSnapshot(editor.screen, "presets-\(columns)x\(rows)")
  }

  @Test(arguments: [(80, 24), (120, 40), (40, 12)])
  func sideBySide(columns: Int, rows: Int) {
    var editor = ScriptedEditor(columns, rows)
    editor.keys("right right c")
    editor.settle()
    assertSnapshot(editor.screen, "side-by-side-\(columns)x\(rows)")
  }

  @Test func start_shown() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right right space")
    editor.settle()
    assertSnapshot(editor.screen, "flipped-80x24")
  }

  @Test func complaint() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("n \"12x\" enter")
    assertSnapshot(editor.screen, "complaint-80x24")
  }

  @Test func error() {
    var editor = ScriptedEditor(80, 24)
    editor.send(.failed("presets/morning.json: cannot write: No space left on device"))
    assertSnapshot(editor.screen, "error-80x24")
    editor.keys("right")
    #expect(!editor.screen.contains("No space"))
  }

  @Test func withoutPixels() {
    let editor = ScriptedEditor(80, 24, graphics: .blocks)
    assertSnapshot(editor.screen, "blocks-80x24")
  }

  /// The text is the same without colours, and nothing has a colour.
  @Test func withoutColors() {
    var plain = ScriptedEditor(80, 24, colors: .none)
    var colored = ScriptedEditor(80, 24)
    for keys in ["", "right right", "m 1", "s", "esc y", "esc ?"] {
      plain.keys(keys)
      colored.keys(keys)
      #expect(plain.screen == colored.screen)
      let frame = view(plain.state)
      #expect(
        frame.cells.allSatisfy {
          $0.style.foreground == .standard && $0.style.background == .standard
        })
      // The focus can be told from the rest without its colour.
      #expect(frame.cells.contains { $0.style.isReversed || $0.style.isBold })
    }
  }

  @Test(arguments: [(80, 24), (120, 40), (40, 12)])
  func models(columns: Int, rows: Int) {
    var editor = ScriptedEditor(columns, rows)
    editor.keys("M down")
    assertSnapshot(editor.screen, "models-\(columns)x\(rows)")
    editor.keys("enter")
    assertSnapshot(editor.screen, "loading-\(columns)x\(rows)")
  }

  @Test func presetsWithoutPixels() {
    var editor = ScriptedEditor(80, 24, graphics: .blocks)
    editor.presets = ["one": Recipe(latent: .seed(1)), "two": Recipe(latent: .seed(2))]
    editor.keys("o")
    assertSnapshot(editor.screen, "presets-blocks-80x24")
  }

  @Test func rowWeights() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("m 2 w > left left left left")
    editor.settle()
    assertSnapshot(editor.screen, "row-weights-80x24")
  }

  @Test func withoutNoise() {
    assertSnapshot(ScriptedEditor(80, 24, family: .styleGAN3).screen, "no-noise-80x24")
  }
}
