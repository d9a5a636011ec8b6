import Editor
import Latents
import StyleGAN
import TUI
import Testing

struct MixPanelTests {
  private func network(_ resolution: Int) -> GeneratorConfiguration {
    GeneratorConfiguration(
      resolution: resolution, zDim: 8, wDim: 8, mappingLayers: 2, blockChannels: [])
  }

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
    var panel = MixPanel(network(128))
    let recipe = ranges.map { mix($0, weight: 0.5) }
    panel.follow(recipe)
    #expect(panel.mix == recipe)
    #expect(panel.borders[0] <= panel.borders[1])
  }

  @Test func followKeepsHandlesWhereTheRowsAgree() {
    var panel = MixPanel(network(128))
    panel.partner = .seed(1)
    panel.moveBorder(1, to: 10)
    panel.toggle(0)
    let before = panel
    panel.follow(panel.mix)
    #expect(panel == before)
  }

  @Test func networksWithFewRows() {
    for rows in [2, 4, 6, 8, 18] {
      var panel = MixPanel(network(4 << (rows / 2 - 1)))
      panel.partner = .seed(1)
      for preset in 0..<3 {
        panel.choosePreset(preset)
        for entry in panel.mix {
          #expect(entry.rows.rows(in: panel.configuration).upperBound <= rows)
          #expect(entry.rows.fits(panel.configuration))
        }
      }
    }
  }

  // MARK: Weights of rows

  @Test func aRowHasAWeightOfItsOwn() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("m 2 w")
    #expect(editor.state.panel.focus == .mixRow(4))
    editor.keys("> left left left left left")
    #expect(
      editor.recipe.mix == [mix(4...4), mix(5...5, weight: 0.5), mix(6...7)])
    #expect(editor.screen.contains("━━━━┃█▒██┃━━━━ B  5:0.50"))
    editor.keys("> 0 . 2 5")
    #expect(
      editor.recipe.mix == [
        mix(4...4), mix(5...5, weight: 0.5), mix(6...6, weight: 0.25), mix(7...7),
      ])
    editor.keys("w")
    #expect(editor.state.panel.focus == .mixBorder(0))
    #expect(editor.screen.contains("━━━━┃█▒░█┃━━━━ B  4 | 8"))
  }

  @Test func rowsOfAAndRowsTakenFromB() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("m 2 w < < right right")
    #expect(editor.recipe.mix == [mix(2...2, weight: 0.2), mix(4...7)])
    editor.keys("> > > enter \"0\" enter")
    #expect(editor.recipe.mix == [mix(2...2, weight: 0.2), mix(4...4), mix(6...7)])
    editor.keys("0")
    #expect(editor.recipe.mix == [mix(2...2, weight: 0.2), mix(4...7)])
    editor.keys("w 5 5")
    #expect(editor.recipe.mix == [mix(2...2, weight: 0.2), mix(4...7)])
    editor.keys("0")
    #expect(editor.recipe.mix.isEmpty)
    #expect(editor.state.mix.rowWeights.isEmpty)
  }

  @Test func rowWeightsAreUndone() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("m 2 right")
    var panels = [editor.state.mix]
    for keys in ["w left left", "> > left", "w w", "< < < right"] {
      editor.keys(keys)
      editor.pause(2)
      if panels.last?.mix != editor.state.mix.mix { panels.append(editor.state.mix) }
    }
    #expect(panels.count == 4)
    for panel in panels.dropLast().reversed() {
      editor.keys("u")
      #expect(editor.recipe.mix == panel.mix)
      #expect(editor.state.mix == panel)
    }
    for panel in panels.dropFirst() {
      editor.keys("U")
      #expect(editor.state.mix == panel)
    }
  }

  @Test func weightsOfAPresetAreKept() {
    var panel = MixPanel(network(128))
    let recipe = [mix(0...1, weight: 0.5), mix(3...3), mix(6...11, weight: 0.5)]
    panel.follow(recipe)
    #expect(panel.mix == recipe)
    panel.follow([
      Mix(latent: .seed(43), rows: .coarse, weight: 0.5),
      Mix(latent: .seed(43), rows: LayerRange(0...0), weight: 0.5),
    ])
    #expect(panel.mix == [mix(0...0, weight: 0.75), mix(1...3, weight: 0.5)])
  }

  @Test func rowsByMouse() throws {
    var editor = ScriptedEditor(80, 24)
    editor.keys("m 2 w")
    let bar = try #require(editor.find("━━━━┃"))
    editor.mouse(.press(1), bar.column + 6, bar.row)
    editor.mouse(.release, bar.column + 6, bar.row)
    #expect(editor.state.panel.focus == .mixRow(5))
    editor.mouse(.wheelDown, bar.column + 6, bar.row)
    #expect(editor.recipe.mix[1] == mix(5...5, weight: 0.9))
  }

  @Test func rowNamesFollowTheFamily() {
    var configuration = network(1024)
    configuration.family = .styleGAN3
    configuration.aliasFree = AliasFreeConfiguration()
    #expect(MixPanel(configuration).borders == [4, 7])
    #expect(MixPanel(configuration).rowCount == 16)
  }
}
