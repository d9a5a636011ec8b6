import Editor
import Latents
import TUI
import Testing

struct HistoryTests {
  @Test func undoAndRedoAreInverse() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right down right g m 2 right down right")
    editor.state.panel.focus = .psi
    editor.keys("left r right")
    let steps = editor.state.document.history.steps
    let last = editor.recipe
    for index in steps.indices.dropLast().reversed() {
      editor.keys("u")
      #expect(editor.recipe == steps[index].recipe)
    }
    editor.keys("u")
    #expect(editor.screen.contains("nothing to undo"))
    for index in steps.indices.dropFirst() {
      editor.keys("U")
      #expect(editor.recipe == steps[index].recipe)
    }
    #expect(editor.recipe == last)
    editor.keys("ctrl-r")
    #expect(editor.screen.contains("nothing to redo"))
  }

  @Test func quickPressesAreOneStep() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right right right")
    #expect(editor.state.document.history.steps.count == 2)
    editor.pause(2)
    editor.keys("right")
    #expect(editor.state.document.history.steps.count == 3)
    editor.keys("down right")
    #expect(editor.state.document.history.steps.count == 4)
  }

  @Test func aMovementThatReturnsLeavesNoStep() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right right left left down right")
    #expect(editor.state.document.history.steps.map(\.label) == ["seed 42", "age +0.2"])
  }

  @Test func aChangeAfterUndoDropsWhatWasUndone() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right down right u down right")
    #expect(
      editor.state.document.history.steps.map(\.label) == ["seed 42", "smile +0.2", "yaw +0.2"])
  }

  @Test func theListShowsEachStepAndEscapeReturns() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right down right down right y up up")
    #expect(editor.recipe.edits.count == 1)
    #expect(editor.lastRender?.recipe == editor.recipe)
    editor.keys("esc")
    #expect(editor.recipe.edits.count == 3)
    editor.keys("y home enter")
    #expect(editor.recipe.edits.isEmpty)
    editor.keys("U")
    #expect(editor.recipe.edits.count == 1)
  }

  @Test func startsAreFoundBehindTheCurrentStep() {
    let a = Recipe(latent: .seed(1))
    var b = a
    b.truncation.psi = 0.5
    let c = Recipe(latent: .seed(2))
    var history = History(.init(a, label: "a", isStart: true))
    history.push(.init(b, label: "b"))
    #expect(history.start.recipe == a)
    history.push(.init(c, label: "c", isStart: true))
    #expect(history.start.recipe == c)
    history.move(to: 1)
    #expect(history.start.recipe == a)
    history.move(to: 99)
    #expect(history.index == 2)
  }
}
