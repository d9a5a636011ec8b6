import Editor
import Latents
import TUI
import Testing

struct UpdateTests {
  // MARK: Sliders

  @Test func arrowsMoveTheFocusedSlider() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right right")
    #expect(editor.recipe.edits == [Edit(direction: "smile", strength: 0.4)])
    editor.keys("h h h")
    #expect(editor.recipe.edits == [Edit(direction: "smile", strength: -0.2)])
    editor.keys("shift-right L ctrl-left {")
    #expect(editor.recipe.edits == [Edit(direction: "smile", strength: 1.7)])
    editor.keys("0")
    #expect(editor.recipe.edits.isEmpty)
  }

  @Test func slidersStopAtTheirEnds() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("L L L L L L L")
    #expect(editor.recipe.edits[0].strength == 5)
    editor.keys("down H H H H H H H")
    #expect(editor.recipe.edits[1].strength == -5)
  }

  @Test(arguments: [
    ("1 . 5", 1.5), ("- 2", -2), ("- 0 . 7 5", -0.75), ("0 . 3", 0.3), ("4 2", 2), ("+ 3", 3),
    (". 5", 0.5), ("1 , 2 5", 1.25), ("1 . 2 . 3", 0.3), ("5 0", 0), ("1 2 backspace", 0),
    ("1 . 5 backspace backspace", 1),
  ])
  func digitsTakeEffectAtOnce(keys: String, value: Double) {
    var editor = ScriptedEditor(80, 24)
    editor.keys(keys)
    #expect(editor.recipe.edit(SliderID("smile"))?.strength ?? 0 == Float(value))
  }

  @Test func digitsAfterAPauseBeginAnew() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("1 . 5")
    editor.pause(3)
    editor.keys("2")
    #expect(editor.recipe.edits[0].strength == 2)
  }

  @Test func aTypedNumberIsOneStep() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("- 1 . 2 5 u")
    #expect(editor.recipe.edits.isEmpty)
    #expect(editor.state.document.history.steps.count == 2)
  }

  @Test func enterAsksForTheValue() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("enter \"2.25\" enter")
    #expect(editor.recipe.edits[0].strength == 2.25)
    editor.keys("enter \"x\" enter")
    guard case .prompt(let prompt) = editor.state.mode else {
      Issue.record("the prompt should stay")
      return
    }
    #expect(prompt.complaint == "“x” is not a number")
    editor.keys("esc")
    #expect(editor.state.mode == .page)
    #expect(editor.recipe.edits[0].strength == 2.25)
  }

  // MARK: Layer ranges

  @Test func rangesCycleAndStayWithTheirSlider() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("g g")
    #expect(editor.state.layerRange(of: SliderID("smile")) == .middle)
    #expect(editor.recipe.edits.isEmpty, "a slider at 0 makes no edit")
    editor.keys("right")
    #expect(editor.recipe.edits == [Edit(direction: "smile", strength: 0.2, rows: .middle)])
    editor.keys("g")
    #expect(editor.recipe.edits[0].rows == .fine)
    editor.keys("0 right")
    #expect(editor.recipe.edits[0].rows == .fine)
    editor.keys("down right")
    #expect(editor.recipe.edits[1].rows == .all)
  }

  @Test func rangesCanBeTyped() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right G ctrl-u \"2-5\" enter")
    #expect(editor.recipe.edits[0].rows == LayerRange(2...5))
    editor.keys("G ctrl-u \"0-99\" enter")
    guard case .prompt(let prompt) = editor.state.mode else {
      Issue.record("the prompt should stay")
      return
    }
    #expect(prompt.complaint == "the rows 0-99 do not fit the model, which has rows 0-11")
  }

  // MARK: Truncation and noise

  @Test func truncation() {
    var editor = ScriptedEditor(80, 24)
    editor.state.panel.focus = .psi
    editor.keys("right left left")
    #expect(editor.recipe.truncation.psi == 0.65)
    editor.keys("0")
    #expect(editor.recipe.truncation.psi == 0.7)
    editor.keys("down left left")
    #expect(editor.recipe.truncation.cutoff == 10)
    editor.keys("8")
    #expect(editor.recipe.truncation.cutoff == 8)
    editor.keys("enter \"all\" enter")
    #expect(editor.recipe.truncation.cutoff == nil)
  }

  @Test func noise() {
    var editor = ScriptedEditor(80, 24)
    editor.state.panel.focus = .noiseMode
    editor.keys("right")
    #expect(editor.recipe.noise.mode == .random)
    editor.keys("down 1 2 3")
    #expect(editor.recipe.noise == NoiseSetting(mode: .random, seed: 123))
    editor.keys("enter \"4294967295\" enter")
    #expect(editor.recipe.noise.seed == .max)
    editor.keys("right up right right")
    #expect(editor.recipe.noise == NoiseSetting(mode: .const, seed: .max))
  }

  @Test func classesOfAConditionalNetwork() {
    var editor = ScriptedEditor(80, 24, classes: 5)
    #expect(editor.screen.contains("class 0"))
    editor.state.panel.focus = .classIndex
    editor.keys("right right")
    #expect(editor.recipe.latent == .seed(42, classIndex: 2))
    editor.keys("9 4")
    #expect(editor.recipe.latent == .seed(42, classIndex: 4))
    editor.keys("r")
    #expect(editor.recipe.latent == .seed(7, classIndex: 4))
    editor.keys("m 1")
    #expect(editor.recipe.mix.map(\.latent) == [.seed(8, classIndex: 4)])
    #expect(!ScriptedEditor(80, 24).screen.contains("class"))
  }

  // MARK: Faces

  @Test func aNewFaceKeepsTruncationAndDropsEdits() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right m 1")
    editor.state.panel.focus = .psi
    editor.keys("right r")
    #expect(
      editor.recipe == Recipe(latent: .seed(7), truncation: Truncation(psi: 0.75)))
    #expect(editor.state.document.history.start.recipe == editor.recipe)
    editor.keys("u")
    #expect(editor.recipe.latent == .seed(42))
    #expect(editor.recipe.edits.count == 1)
    #expect(editor.state.document.history.start.recipe.edits.isEmpty)
  }

  @Test func aSeedCanBeTyped() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("n \"1234\" enter")
    #expect(editor.recipe.latent == .seed(1234))
    editor.keys("n \"4294967296\" enter")
    #expect(editor.screen.contains("is not a whole number"))
  }

  @Test func neighbouringSeedsKeepTheEdits() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right ] ] ] [")
    #expect(editor.recipe.latent == .seed(44))
    #expect(editor.recipe.edits.count == 1)
    editor.keys("u")
    #expect(editor.recipe.latent == .seed(42), "walking is one step")
  }

  @Test func clearingIsUndone() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right m 2 x")
    #expect(editor.recipe.edits.isEmpty && editor.recipe.mix.isEmpty)
    editor.keys("u")
    #expect(editor.recipe.edits.count == 1 && editor.recipe.mix.count == 1)
  }

  // MARK: Finding

  @Test func findGoesToTheFirstMatch() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("/ \"open\" enter right")
    #expect(editor.recipe.edits.map(\.direction) == ["eyes open"])
    editor.keys("down right")
    #expect(editor.recipe.edits.map(\.direction) == ["eyes open", "mouth open"])
    editor.keys("/ esc")
    #expect(editor.state.panel.filter.isEmpty)
  }

  @Test func editedOnlyShowsNothingElse() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("down right E")
    #expect(editor.screen.contains("age"))
    #expect(!editor.screen.contains("smile"))
    editor.keys("E")
    #expect(editor.screen.contains("smile"))
  }

  // MARK: Rendering

  @Test func everyChangeAsksForAPicture() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right")
    #expect(editor.lastRender?.recipe == editor.recipe)
    #expect(editor.lastRender?.isMoving == true)
    let number = editor.lastRender?.number ?? 0
    editor.keys("u")
    #expect(editor.lastRender?.isMoving == false)
    #expect((editor.lastRender?.number ?? 0) > number)
  }

  @Test func staleResultsAreDropped() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right")
    editor.settle()
    let shown = editor.state.pictures.current
    editor.send(
      .rendered(
        RenderReport(
          request: 1, subject: .current, resolution: 64, isFull: false, isSettled: false,
          seconds: 0.5, distance: 9)))
    #expect(editor.state.pictures.current == shown)
  }

  @Test func theGenerationFollowsThePixels() {
    var editor = ScriptedEditor(80, 24)
    let before = editor.state.pictures.current?.generation ?? 0
    editor.keys("right")
    guard let request = editor.lastRender else { return }
    var report = RenderReport(
      request: request.number, subject: .current, resolution: 128, isFull: true,
      isSettled: false, seconds: 0.01, distance: 1)
    editor.send(.rendered(report))
    #expect(editor.state.pictures.current?.generation == before + 1)
    report.isSettled = true
    report.isNewPicture = false
    editor.send(.rendered(report))
    #expect(editor.state.pictures.current?.generation == before + 1)
  }

  @Test func componentsAreLookedForAfterTheFirstPicture() {
    let editor = ScriptedEditor(80, 24, components: false)
    #expect(editor.commands.filter { $0 == .discover }.count == 1)
    #expect(editor.screen.contains("looking for components…"))
    var found = editor
    found.send(.directionsFound(ToyModel.components.map(SliderSpec.init)))
    #expect(found.screen.contains("sefa 1"))
    var failed = editor
    failed.send(.discoveryFailed("no style weights"))
    #expect(failed.screen.contains("no style weights"))
  }

  // MARK: Presets

  @Test func savingAsksBeforeReplacing() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right s \"morning\" enter")
    #expect(editor.presets["morning"] == editor.recipe)
    #expect(!editor.state.document.isChanged)
    editor.keys("right s enter")
    #expect(editor.presets["morning"] == editor.recipe, "its own preset is replaced unasked")
    let kept = editor.recipe
    editor.keys("r right s \"morning\" enter")
    #expect(editor.presets["morning"] == kept)
    editor.keys("n")
    #expect(editor.presets["morning"] == kept)
    editor.keys("enter y")
    #expect(editor.presets["morning"] == editor.recipe)
  }

  @Test(arguments: ["\"a/b\"", "\".x\""])
  func namesThatAreNoFiles(name: String) {
    var editor = ScriptedEditor(80, 24)
    editor.keys("s \(name) enter")
    #expect(editor.presets.isEmpty)
    #expect(editor.screen.contains("a name cannot"))
  }

  @Test func loadingStartsAFace() {
    var editor = ScriptedEditor(80, 24)
    let recipe = Recipe(
      latent: .seed(5), mix: [Mix(latent: .seed(6), rows: LayerRange(0...3))],
      edits: [Edit(direction: "age", strength: 1, rows: .coarse)])
    editor.presets = ["evening": recipe, "morning": Recipe(latent: .seed(1))]
    editor.keys("right o enter")
    #expect(editor.recipe == recipe)
    #expect(editor.state.document.presetName == "evening")
    #expect(editor.state.mix.isB == [true, false, false])
    #expect(editor.state.mix.partner == .seed(6))
    editor.keys("u")
    #expect(editor.recipe.latent == .seed(42))
  }

  @Test func aPresetWithAnUnknownDirectionIsRefused() {
    var editor = ScriptedEditor(80, 24)
    editor.presets = [
      "old": Recipe(latent: .seed(5), edits: [Edit(direction: "smil", strength: 1)])
    ]
    editor.keys("o enter")
    #expect(editor.recipe.latent == .seed(42))
    #expect(editor.screen.contains("uses a direction that studio lacks: “smil”"))
  }

  @Test func aPresetWaitsForItsComponents() {
    var editor = ScriptedEditor(80, 24, components: false)
    editor.presets = [
      "comp": Recipe(latent: .seed(5), edits: [Edit(direction: "pca 2", strength: 1)])
    ]
    editor.keys("o enter")
    #expect(editor.recipe.latent == .seed(42))
    editor.send(.directionsFound(ToyModel.components.map(SliderSpec.init)))
    #expect(editor.recipe.latent == .seed(5))
  }

  @Test func renamingAndDeleting() {
    var editor = ScriptedEditor(80, 24)
    editor.presets = ["a": Recipe(latent: .seed(1)), "b": Recipe(latent: .seed(2))]
    editor.keys("o r ctrl-u \"c\" enter")
    #expect(Set(editor.presets.keys) == ["b", "c"])
    editor.keys("esc o r ctrl-u \"c\" enter")
    #expect(editor.screen.contains("Replace it"))
    editor.keys("n esc o d")
    #expect(editor.screen.contains("Delete the preset “b”?"))
    editor.keys("y")
    #expect(Set(editor.presets.keys) == ["c"])
  }

  // MARK: Comparing

  @Test func flippingComparesWithTheStart() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right space")
    #expect(editor.lastRender?.subject == .reference)
    #expect(editor.lastRender?.recipe.edits.isEmpty == true)
    editor.settle()
    #expect(view(editor.state).placements.map(\.image) == [State.ImageID.reference])
    editor.keys("right")
    #expect(view(editor.state).placements.map(\.image) == [State.ImageID.current])
    #expect(editor.recipe.edits[0].strength == 0.4)
  }

  @Test func sideBySideGoesRound() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("c")
    #expect(editor.state.pictures.comparison == .startBeside)
    editor.keys("c")
    #expect(editor.state.pictures.comparison == .off, "there is no face B yet")
    editor.keys("m 1 c c")
    #expect(editor.state.pictures.comparison == .partnerBeside)
    #expect(editor.lastRender?.recipe.latent == .seed(43))
  }

  @Test func bookmarksFlip() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("f")
    #expect(editor.screen.contains("no bookmarks yet"))
    editor.keys("right *")
    let first = editor.recipe
    editor.keys("down right b")
    let second = editor.recipe
    editor.keys("right f")
    #expect(editor.recipe == first)
    editor.keys("f")
    #expect(editor.recipe == second)
    editor.keys("f")
    #expect(editor.recipe == first)
    editor.keys("*")
    #expect(editor.state.document.bookmarks == [second])
  }

  /// Escape and a key that arrive together are read as alt and the key.
  @Test func altIsEscapeAndTheKey() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("? alt-s \"x\"")
    guard case .prompt(let prompt) = editor.state.mode else {
      Issue.record("the prompt should be open")
      return
    }
    #expect(prompt.field.text == "x")
  }

  // MARK: Leaving

  @Test func quittingUnchangedLeavesNoJournal() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("q")
    #expect(editor.state.isFinished)
    #expect(editor.commands.contains(.discardJournal))
  }

  @Test func quittingChangedKeepsTheJournal() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right q")
    #expect(editor.state.isFinished)
    #expect(!editor.commands.contains(.discardJournal))
    #expect(JournalReplay(editor.journal).history == editor.state.document.history)
  }

  @Test func quittingSavedLeavesNoJournal() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("right s \"a\" enter q")
    #expect(editor.commands.contains(.discardJournal))
  }
}
