import Editor
import Latents
import TUI
import Testing

struct MouseTests {
  /// Column and row of a slider's track.
  private func trackRect(_ editor: ScriptedEditor, _ name: String) -> Rect? {
    // The region has a free cell at either end.
    editor.state.regions.first { $0.target == .track(.slider(SliderID(name))) }?.rect
      .inset(columns: 1)
  }

  @Test func draggingIsOneStep() throws {
    var editor = ScriptedEditor(120, 40)
    let track = try #require(trackRect(editor, "age"))
    let (left, row) = (track.origin.column, track.origin.row)
    let middle = left + track.size.columns / 2
    editor.mouse(.press(1), middle + 1, row)
    for column in middle + 2...left + track.size.columns - 1 {
      editor.mouse(.drag(1), column, row)
      #expect(editor.recipe.edits.map(\.direction) == ["age"])
    }
    // Past the end and off the row: the slider stays in hand.
    editor.mouse(.drag(1), 119, row + 5)
    #expect(editor.recipe.edits[0].strength == 5)
    editor.mouse(.release, 119, row + 5)
    #expect(editor.state.document.history.steps.count == 2)
    #expect(editor.state.panel.focus == .slider(SliderID("age")))
    editor.keys("u")
    #expect(editor.recipe.edits.isEmpty)
  }

  /// The free cells beside a track belong to it.
  @Test func theEndsAreEasyToHit() throws {
    var editor = ScriptedEditor(120, 40)
    let track = try #require(trackRect(editor, "age"))
    editor.mouse(.press(1), track.columns.upperBound, track.origin.row)
    editor.mouse(.release, track.columns.upperBound, track.origin.row)
    #expect(editor.recipe.edits[0].strength == 5)
    editor.mouse(.press(1), track.origin.column - 1, track.origin.row)
    #expect(editor.recipe.edits[0].strength == -5)
    editor.mouse(.drag(1), track.origin.column + track.size.columns / 2, track.origin.row)
    #expect(editor.recipe.edits.isEmpty)
  }

  @Test func draggingBackLeavesNoStep() throws {
    var editor = ScriptedEditor(120, 40)
    let track = try #require(trackRect(editor, "age"))
    let middle = track.origin.column + track.size.columns / 2
    editor.mouse(.press(1), middle, track.origin.row)
    editor.mouse(.drag(1), middle + 3, track.origin.row)
    editor.mouse(.drag(1), middle, track.origin.row)
    editor.mouse(.release, middle, track.origin.row)
    #expect(editor.recipe.edits.isEmpty)
    #expect(editor.state.document.history.steps.count == 1)
  }

  @Test func twoDragsAreTwoSteps() throws {
    var editor = ScriptedEditor(120, 40)
    let track = try #require(trackRect(editor, "age"))
    for offset in [1, 2] {
      editor.mouse(.press(1), track.origin.column + offset, track.origin.row)
      editor.mouse(.release, track.origin.column + offset, track.origin.row)
    }
    #expect(editor.state.document.history.steps.count == 3)
  }

  @Test func doubleClickResets() throws {
    var editor = ScriptedEditor(120, 40)
    let track = try #require(trackRect(editor, "age"))
    for _ in 0..<2 {
      editor.mouse(.press(1), track.origin.column, track.origin.row)
      editor.mouse(.release, track.origin.column, track.origin.row)
    }
    #expect(editor.recipe.edits.isEmpty)
  }

  @Test func theWheelMovesWhatItIsOver() throws {
    var editor = ScriptedEditor(120, 40)
    let track = try #require(trackRect(editor, "yaw"))
    editor.mouse(.wheelUp, track.origin.column, track.origin.row)
    #expect(editor.recipe.edits == [Edit(direction: "yaw", strength: 0.2)])
    editor.mouse(.wheelDown, track.origin.column, track.origin.row, .shift)
    #expect(editor.recipe.edits[0].strength == -0.8)
    editor.mouse(.wheelUp, track.origin.column, track.origin.row, .control)
    #expect(editor.recipe.edits[0].strength == -0.75)
  }

  @Test func theWheelScrollsOverNames() throws {
    var editor = ScriptedEditor(80, 24)
    let name = try #require(editor.find("yaw"))
    editor.mouse(.wheelDown, name.column, name.row)
    #expect(editor.state.panel.offset == 3)
    #expect(editor.recipe.edits.isEmpty)
    editor.mouse(.wheelUp, name.column, name.row)
    editor.mouse(.wheelUp, name.column, name.row)
    #expect(editor.state.panel.offset == 0)
  }

  @Test func rangesCycleByClick() throws {
    var editor = ScriptedEditor(80, 24)
    let region = try #require(
      editor.state.regions.first { $0.target == .range(SliderID("yaw")) })
    editor.mouse(.press(1), region.rect.origin.column, region.rect.origin.row)
    #expect(editor.state.layerRange(of: SliderID("yaw")) == .coarse)
  }

  @Test func theMixBarsHandlesAreDragged() throws {
    var editor = ScriptedEditor(120, 40)
    editor.keys("m 2")
    let bar = try #require(editor.state.regions.first { $0.target == .mixBar }).rect
    let handle = try #require(editor.find("┃"))
    #expect(bar.contains(handle))
    editor.mouse(.press(1), handle.column, handle.row)
    editor.mouse(.drag(1), bar.origin.column, handle.row)
    editor.mouse(.release, bar.origin.column, handle.row)
    #expect(editor.state.mix.borders == [0, 8])
    #expect(editor.recipe.mix.map(\.rows) == [LayerRange(0...7)])
    let last = bar.columns.upperBound - 1
    editor.mouse(.press(1), last, handle.row)
    editor.mouse(.release, last, handle.row)
    #expect(editor.state.mix.isB == [false, true, true])
  }

  @Test func holdingThePictureShowsTheStart() throws {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right")
    let picture = try #require(editor.state.regions.first { $0.target == .picture }).rect
    editor.mouse(.press(1), picture.origin.column, picture.origin.row)
    editor.settle()
    #expect(view(editor.state).placements[0].image == State.ImageID.reference)
    editor.mouse(.release, picture.origin.column, picture.origin.row)
    #expect(view(editor.state).placements[0].image == State.ImageID.current)
  }

  @Test func hintsAreButtons() throws {
    var editor = ScriptedEditor(80, 24)
    let hint = try #require(editor.find("? help"))
    editor.mouse(.press(1), hint.column, hint.row)
    #expect(editor.state.mode == .help(offset: 0))
    editor.mouse(.press(1), 5, 5)
    #expect(editor.state.mode == .page)
  }

  @Test func listsTakeClicks() throws {
    var editor = ScriptedEditor(80, 24)
    editor.presets = ["a": Recipe(latent: .seed(1)), "b": Recipe(latent: .seed(2))]
    editor.keys("o")
    let row = try #require(editor.state.regions.first { $0.target == .row(1) }).rect
    editor.mouse(.press(1), row.origin.column, row.origin.row)
    #expect(editor.recipe.latent == .seed(42))
    editor.mouse(.press(1), row.origin.column, row.origin.row)
    #expect(editor.recipe.latent == .seed(2))
    editor.keys("o")
    editor.mouse(.press(1), 1, 1)
    #expect(editor.state.mode == .page)
  }

  @Test func otherButtonsAndEmptyPlacesDoNothing() {
    var editor = ScriptedEditor(80, 24)
    let before = editor.recipe
    for row in 0..<24 {
      for column in stride(from: 0, to: 80, by: 3) {
        editor.mouse(.press(3), column, row)
        editor.mouse(.drag(3), column, row)
        editor.mouse(.release, column, row)
      }
    }
    #expect(editor.recipe == before)
  }
}
