import Editor
import Latents
import TUI
import Testing

struct MixPanelTests {
  private func mix(_ range: ClosedRange<Int>, weight: Float = 1) -> Mix {
    Mix(latent: .seed(43), rows: LayerRange(range), weight: weight)
  }

  @Test func presetsGiveTheUsualThree() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("m 1")
    #expect(editor.recipe.mix == [mix(0...3)])
    editor.keys("2")
    #expect(editor.recipe.mix == [mix(4...7)])
    editor.keys("3")
    #expect(editor.recipe.mix == [mix(8...11)])
    editor.keys("u u")
    #expect(editor.recipe.mix == [mix(0...3)])
    #expect(editor.state.mix.isB == [true, false, false])
  }

  @Test func handlesMoveAndStopAtEachOther() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("m 2 right right")
    #expect(editor.recipe.mix == [mix(6...7)])
    editor.keys("shift-right")
    #expect(editor.recipe.mix.isEmpty, "the middle is empty")
    editor.keys("left down right right")
    #expect(editor.recipe.mix == [mix(7...9)])
    editor.keys("shift-right shift-right")
    #expect(editor.recipe.mix == [mix(7...11)])
  }

  @Test func segmentsChangeOwner() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("m 1 6")
    #expect(editor.recipe.mix == [mix(0...3), mix(8...11)])
    editor.keys("5")
    #expect(editor.recipe.mix == [mix(0...11)])
    editor.keys("4 5 6")
    #expect(editor.recipe.mix.isEmpty)
  }

  @Test func weightAndFaceB() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("m 2")
    editor.state.panel.focus = .mixWeight
    editor.keys("left left left")
    #expect(editor.recipe.mix == [mix(4...7, weight: 0.7)])
    editor.state.panel.focus = .mixFace
    editor.keys("right right")
    #expect(editor.recipe.mix[0].latent == .seed(45))
    editor.keys("enter \"9\" enter")
    #expect(editor.recipe.mix[0].latent == .seed(9))
    editor.keys("0")
    #expect(editor.recipe.mix.isEmpty)
    #expect(editor.state.mix.weight == 1)
    #expect(editor.state.mix.partner == .seed(9), "who B is stays")
  }

  @Test func faceBFromAPreset() {
    var editor = ScriptedEditor(80, 24)
    editor.presets = ["other": Recipe(latent: .seed(77))]
    editor.keys("o b")
    #expect(
      editor.recipe.mix == [Mix(latent: .seed(77), rows: LayerRange(4...7), weight: 1)])
    #expect(editor.screen.contains("other"))
  }

  @Test(arguments: [
    [], [0...3], [4...7], [0...1, 6...11], [0...11], [5...5], [0...9], [3...11],
  ])
  func followsARecipe(ranges: [ClosedRange<Int>]) {
    var panel = MixPanel(rowCount: 12)
    let recipe = ranges.map { mix($0, weight: 0.5) }
    panel.follow(recipe)
    #expect(panel.mix == recipe)
    #expect(panel.borders[0] <= panel.borders[1])
  }

  @Test func followKeepsHandlesWhereTheRowsAgree() {
    var panel = MixPanel(rowCount: 12)
    panel.partner = .seed(1)
    panel.moveBorder(1, to: 10)
    panel.isB = [true, false, false]
    let before = panel
    panel.follow(panel.mix)
    #expect(panel == before)
  }

  @Test func networksWithFewRows() {
    for rows in [2, 4, 6, 8, 18] {
      var panel = MixPanel(rowCount: rows)
      panel.partner = .seed(1)
      for preset in 0..<3 {
        panel.choosePreset(preset)
        for entry in panel.mix { #expect(entry.rows.rows(of: rows).upperBound <= rows) }
      }
    }
  }
}
