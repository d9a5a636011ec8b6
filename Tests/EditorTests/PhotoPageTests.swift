import Editor
import Imaging
import Latents
import StyleGAN
import TUI
import Testing

struct PhotoPageTests {
  private static let one = PhotoCrop(x: 226, y: 108, size: 172, angle: -3.2)
  private static let two = PhotoCrop(x: 120, y: 300, size: 90)
  private static let modelFace = FaceMarks(
    leftEye: .init(x: 48, y: 60), rightEye: .init(x: 80, y: 60), mouth: .init(x: 64, y: 96))

  private static func photo(_ path: String, _ width: Int = 512, _ height: Int = 512)
    -> PhotoPage.Photo
  {
    PhotoPage.Photo(path: path, sha256: "5a", kind: "PNG", width: width, height: height)
  }

  /// The photo page with a photo on it.
  private func editor(
    _ columns: Int = 80, _ rows: Int = 24, _ outcome: FaceSearch.Outcome = .faces([one, two]),
    graphics: GraphicsKind = .sixel, modelFace: FaceMarks? = modelFace
  ) -> ScriptedEditor {
    var editor = ScriptedEditor(columns, rows, graphics: graphics)
    editor.photos["me.png"] = (
      Self.photo("me.png"), FaceSearch(outcome, modelFace: modelFace)
    )
    editor.keys("p \"me.png\" enter")
    return editor
  }

  /// So many steps of the projection under way.
  private func step(_ editor: inout ScriptedEditor, _ count: Int, from first: Float = 0.4) {
    guard let projection = editor.state.photo.projection else { return }
    let number = projection.number
    if projection.stage == .preparing {
      editor.send(
        .photo(
          .prepared(
            number, crop: projection.crop, start: "the encoder", features: "pyramid")))
    }
    for index in 0..<count {
      let distance = first / Float(1 + index)
      let latent: LatentSource =
        projection.space == .w
        ? .w((0..<8).map { Float($0 + index) }) : .ws((0..<96).map { Float($0) }, rows: 12)
      var crop = projection.crop
      crop.x += Double(index)
      editor.send(
        .photo(
          .stepped(
            number, distance: distance,
            best: .init(latent: latent, distance: distance, step: index + 1, crop: crop),
            secondsPerStep: 0.06)))
    }
  }

  // MARK: Screens

  @Test(arguments: [(80, 24), (120, 40), (40, 12), (50, 40)])
  func square(columns: Int, rows: Int) {
    let editor = editor(columns, rows)
    assertSnapshot(editor.screen, "photo-\(columns)x\(rows)")
  }

  @Test(arguments: [(80, 24), (120, 40), (40, 12), (50, 40)])
  func projection(columns: Int, rows: Int) {
    var editor = editor(columns, rows)
    editor.keys("enter")
    assertSnapshot(editor.screen, "photo-preparing-\(columns)x\(rows)")
    step(&editor, 30)
    assertSnapshot(editor.screen, "photo-running-\(columns)x\(rows)")
    editor.send(.photo(.ended(1, .level)))
    editor.keys("w")
    step(&editor, 20, from: 0.02)
    editor.send(.photo(.ended(2, .allSteps)))
    assertSnapshot(editor.screen, "photo-refined-\(columns)x\(rows)")
  }

  @Test func marks() {
    var editor = editor()
    editor.keys("m enter")
    assertSnapshot(editor.screen, "photo-marks-80x24")
  }

  @Test func withoutPixels() {
    let editor = editor(graphics: .blocks)
    assertSnapshot(editor.screen, "photo-blocks-80x24")
  }

  @Test func prompt() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("p \"you.png\" enter")
    assertSnapshot(editor.screen, "photo-prompt-80x24")
  }

  // MARK: Opening

  @Test func whatCannotBeOpenedSaysWhyAndAsksAgain() {
    var editor = ScriptedEditor(80, 24)
    editor.photos["me.png"] = (Self.photo("me.png"), FaceSearch(.none))
    editor.keys("p \"you.png\" enter")
    guard case .prompt(let prompt) = editor.state.mode else {
      Issue.record("no prompt")
      return
    }
    #expect(prompt.complaint == "cannot open: No such file or directory")
    #expect(prompt.field.text == "you.png")
    editor.keys("ctrl-u \"me.png\" enter")
    #expect(editor.state.photo.photo?.name == "me.png")
    editor.keys("esc p")
    #expect(editor.state.mode == .page, "the photo is still there")
  }

  @Test func tabCompletesPaths() {
    var editor = ScriptedEditor(80, 24)
    for path in ["p/me.png", "p/mean.jpg", "q.png"] {
      editor.photos[path] = (Self.photo(path), FaceSearch(.none))
    }
    editor.keys("p \"p\" tab")
    #expect(editor.screen.contains("me.png  mean.jpg"))
    guard case .prompt(let prompt) = editor.state.mode else {
      Issue.record("no prompt")
      return
    }
    #expect(prompt.field.text == "p/me")
    editor.keys("a tab enter")
    #expect(editor.state.photo.photo?.name == "mean.jpg")
    editor.keys("o ctrl-u x tab")
    #expect(editor.screen.contains("nothing begins like that"))
  }

  @Test func leavingThePromptWithoutAPhotoLeavesThePage() {
    var editor = ScriptedEditor(80, 24)
    editor.keys("p esc")
    #expect(!editor.state.photo.isOpen)
    editor.keys("p enter")
    #expect(!editor.state.photo.isOpen)
  }

  @Test(arguments: [
    ("'a b.png'", "a b.png"), ("\"a.png\"", "a.png"), ("a\\ b.png", "a b.png"),
    ("file:///p/a%20b.png", "/p/a b.png"), ("~/a.png", "~/a.png"),
  ])
  func pathsAsTheyAreDropped(typed: String, path: String) {
    var editor = ScriptedEditor(80, 24)
    editor.keys("p")
    editor.send(.input(.paste(typed), time: editor.time))
    editor.keys("enter")
    #expect(editor.state.photo.path == path)
  }

  @Test func whatComesLateOfAnotherPhotoIsDropped() {
    var editor = editor()
    let before = editor.state.photo
    editor.send(.photo(.opened(0, Self.photo("old.png"))))
    editor.send(.photo(.searched(0, FaceSearch(.none))))
    editor.send(.photo(.openingFailed(0, path: "old.png", reason: "gone")))
    #expect(editor.state.photo == before)
  }

  @Test func everyFamilyHasThePage() {
    var editor = ScriptedEditor(80, 24, family: .styleGAN3)
    editor.keys("p")
    #expect(editor.state.photo.isOpen)
    #expect(editor.state.notice == nil)
  }

  // MARK: The square

  @Test func beginsAtTheLargestFace() {
    var editor = editor()
    #expect(editor.state.photo.crop == Self.one)
    editor.keys("f")
    #expect(editor.state.photo.crop == Self.two)
    editor.keys("f")
    #expect(editor.state.photo.crop == Self.one)
    // From a square that was moved to the face it belongs to first.
    editor.keys("right f")
    #expect(editor.state.photo.crop == Self.one)
  }

  @Test func theDistanceIsChosen() {
    var editor = editor()
    #expect(editor.screen.contains("d        by pyramid"))
    // Not imported: it says so, and stays as it was.
    editor.keys("d")
    #expect(editor.state.photo.distance == .builtin)
    #expect(editor.state.notice == .error("no LPIPS features are installed"))
    #expect(editor.state.photo.pace?.features == "pyramid")
    editor.hasLPIPS = true
    editor.keys("d")
    #expect(editor.state.photo.distance == .lpips)
    #expect(editor.screen.contains("d        by LPIPS VGG16"))
    editor.keys("enter")
    guard case .project(_, let order)? = editor.commands.last else {
      Issue.record("no search")
      return
    }
    #expect(order.distance == .lpips)
    #expect(editor.screen.contains("LPIPS VGG16"))
    step(&editor, 3)
    editor.send(.photo(.ended(1, .level)))
    editor.keys("w")
    guard case .project(_, let refined)? = editor.commands.last else {
      Issue.record("no second search")
      return
    }
    #expect(refined.distance == .lpips)
    editor.keys("x c d")
    #expect(editor.state.photo.distance == .builtin)
  }

  @Test func aSearchGoesOnWhereItWasLeft() {
    var editor = editor()
    editor.keys("enter")
    let crop = editor.state.photo.crop
    editor.send(
      .photo(.prepared(1, crop: crop, start: "the encoder", features: "pyramid")))
    let best = PhotoProjection.Find(latent: .w([1, 2]), distance: 0.2, step: 3, crop: crop)
    editor.send(
      .photo(.resumed(1, distances: [0.4, 0.3, 0.2], firstComparable: 0, best: best)))
    #expect(editor.state.photo.projection?.steps == 3)
    #expect(editor.state.photo.projection?.best == best)
    #expect(editor.screen.contains("3 of at most"))
  }

  @Test func noFaceSaysSoAndBeginsInTheMiddle() {
    var editor = editor(80, 24, .none)
    #expect(editor.state.photo.crop == PhotoCrop(x: 256, y: 256, size: 512))
    #expect(editor.screen.contains("no face found"))
    editor.keys("f")
    #expect(editor.state.notice == .information("no face was found"))
  }

  @Test func aHandOnTheSquareKeepsItWhereItIs() {
    var editor = editor()
    let number = editor.state.photo.lastOpening + 1
    editor.photos = [:]
    editor.keys("o ctrl-u \"her.png\" enter esc")
    // The face search of a large photo takes a while.
    editor.send(.photo(.opened(number, Self.photo("her.png"))))
    editor.keys("right")
    let moved = editor.state.photo.crop
    editor.send(.photo(.searched(number, FaceSearch(.faces([Self.two])))))
    #expect(editor.state.photo.crop == moved)
    #expect(editor.state.notice == .information("a face was found: f takes it"))
    editor.keys("f")
    #expect(editor.state.photo.crop == Self.two)
  }

  @Test func keysMoveZoomAndTurn() {
    var editor = editor()
    let start = editor.state.photo.crop
    editor.keys("right down")
    #expect(abs(editor.state.photo.crop.x - start.x - 0.02 * start.size) < 1e-9)
    #expect(abs(editor.state.photo.crop.y - start.y - 0.02 * start.size) < 1e-9)
    editor.keys("shift-left K ctrl-right")
    #expect(editor.state.photo.crop.x < start.x)
    editor.keys("+")
    #expect(editor.state.photo.crop.size < start.size)
    editor.keys("-")
    #expect(abs(editor.state.photo.crop.size - start.size) < 1e-9)
    editor.keys("] ] [ }")
    #expect(abs(editor.state.photo.crop.angle - start.angle - 11) < 1e-9)
    editor.keys("0")
    #expect(editor.state.photo.crop == start)
    editor.keys("c")
    #expect(editor.state.photo.crop == PhotoCrop(x: 256, y: 256, size: 512))
    editor.keys("{ { { { { { { { { { { { { { { { { { {")
    #expect(abs(editor.state.photo.crop.angle - 170) < 1e-9)
  }

  @Test func theSquareStaysOnThePhoto() {
    var editor = editor()
    for _ in 0..<60 { editor.keys("L J -") }
    let far = editor.state.photo.crop
    #expect(far.x == 512 && far.y == 512 && far.size == 1024)
    for _ in 0..<200 { editor.keys("+") }
    #expect(editor.state.photo.crop.size == 8)
  }

  @Test func theMouseDragsZoomsAndTurns() throws {
    var editor = editor()
    let page = try #require(editor.state.page)
    let rect = try #require(editor.state.photoLayout(page).photo)
    func cell(_ x: Double, _ y: Double) -> (Int, Int) {
      (
        rect.origin.column + Int(x / 512 * Double(rect.size.columns)),
        rect.origin.row + Int(y / 512 * Double(rect.size.rows))
      )
    }
    let middle = cell(226, 108)
    editor.mouse(.press(1), middle.0, middle.1)
    editor.mouse(.drag(1), middle.0 + 4, middle.1 + 2)
    editor.mouse(.release, middle.0 + 4, middle.1 + 2)
    let moved = editor.state.photo.crop
    #expect(abs(moved.x - 226 - 4 * 512 / Double(rect.size.columns)) < 1e-6)
    #expect(abs(moved.y - 108 - 2 * 512 / Double(rect.size.rows)) < 1e-6)
    // Let go, it stays.
    editor.mouse(.drag(1), 2, 2)
    #expect(editor.state.photo.crop == moved)
    editor.mouse(.wheelUp, middle.0, middle.1)
    #expect(editor.state.photo.crop.size < moved.size)
    editor.mouse(.wheelUp, middle.0, middle.1, .shift)
    #expect(editor.state.photo.crop.angle == moved.angle + 1)
    // Its corner sizes it.
    editor.keys("0 c +")
    let corner = editor.state.photo.crop.place(1, 1)
    let at = cell(corner.x, corner.y)
    let size = editor.state.photo.crop.size
    editor.mouse(.press(1), at.0, at.1)
    editor.mouse(.drag(1), at.0 - 6, at.1 - 3)
    editor.mouse(.release, at.0 - 6, at.1 - 3)
    #expect(editor.state.photo.crop.size < size)
    #expect(editor.state.photo.crop.x == 256)
    // A click beside it brings it there.
    editor.keys("f")
    let beside = cell(450, 450)
    editor.mouse(.press(1), beside.0, beside.1)
    editor.mouse(.release, beside.0, beside.1)
    #expect(abs(editor.state.photo.crop.x - 450) < 20)
    editor.pause(1)
    editor.mouse(.press(1), beside.0, beside.1)
    editor.mouse(.press(1), beside.0, beside.1)
    #expect(editor.state.photo.crop == editor.state.photo.start)
  }

  @Test func threeMarksPlaceTheSquare() {
    var editor = editor(modelFace: nil)
    editor.keys("m")
    #expect(editor.state.contexts == [.marking])
    // The cross begins where a face in the square has its eye.
    let first = editor.state.photo.marking?.cursor
    editor.keys("right left enter backspace")
    #expect(editor.state.photo.marking?.places == [])
    #expect(
      abs((editor.state.photo.marking?.cursor.x ?? 0) - (first?.x ?? 1)) < 1e-9)
    editor.keys("enter enter enter")
    #expect(editor.state.photo.marking == nil)
    // Marks where FFHQ's alignment expects them lead to the same square.
    let crop = editor.state.photo.crop
    #expect(abs(crop.x - Self.one.x) < 1 && abs(crop.y - Self.one.y) < 1)
    #expect(abs(crop.size - Self.one.size) < 2 && abs(crop.angle - Self.one.angle) < 0.5)
    editor.keys("m esc")
    #expect(editor.state.photo.marking == nil)
    #expect(editor.state.photo.crop == crop)
  }

  @Test func marksOfTheModelsFace() {
    var editor = editor()
    editor.keys("m enter enter enter")
    let crop = editor.state.photo.crop
    #expect(abs(crop.x - Self.one.x) < 1 && abs(crop.y - Self.one.y) < 1)
    #expect(abs(crop.size - Self.one.size) < 1 && abs(crop.angle - Self.one.angle) < 0.1)
  }

  @Test func marksOnOneSpotAreRefused() throws {
    var editor = editor()
    let page = try #require(editor.state.page)
    let rect = try #require(editor.state.photoLayout(page).photo)
    let before = editor.state.photo.crop
    editor.keys("m")
    for _ in 0..<3 {
      editor.pause(1)
      editor.mouse(.press(1), rect.origin.column + 3, rect.origin.row + 3)
    }
    #expect(editor.state.photo.crop == before)
    #expect(editor.state.notice?.kind == .error)
  }

  // MARK: The search

  @Test func anEstimateStandsThereBefore() {
    let editor = editor()
    #expect(editor.screen.contains("by pyramid, at most 0:06"))
  }

  @Test func theFaceFoundIsEdited() {
    var editor = editor()
    let before = editor.recipe
    editor.keys("enter")
    step(&editor, 5)
    editor.send(.photo(.ended(1, .level)))
    editor.keys("enter")
    #expect(!editor.state.photo.isOpen)
    #expect(editor.recipe == Recipe(latent: .w((0..<8).map { Float($0 + 4) })))
    #expect(editor.state.document.history.current.isStart)
    #expect(editor.state.document.isChanged, "no seed brings it back")
    #expect(editor.lastRender?.recipe == editor.recipe)
    // It is undone, and an edit of it is saved with the photo it came from.
    editor.keys("right s \"me\" enter")
    guard case .object(let record)? = editor.projections["me"] else {
      Issue.record("no record")
      return
    }
    #expect(record["photo"] == .string("5a"))
    #expect(record["features"] == .string("pyramid"))
    #expect(record["space"] == .string("w"))
    #expect(record["steps"] == .number(5))
    // Another face is saved without.
    editor.keys("r s \"other\" enter")
    #expect(editor.projections["other"] == nil)
    editor.keys("u u u")
    #expect(editor.recipe == before)
    #expect(JournalReplay(editor.journal).history == editor.state.document.history)
    // A preset that says where it comes from keeps it under another name.
    editor.keys("o home enter s ctrl-u \"again\" enter")
    #expect(editor.projections["again"] == .object(record))
  }

  @Test func stoppingKeepsTheNearest() {
    var editor = editor()
    editor.keys("enter")
    step(&editor, 7)
    editor.keys("x")
    #expect(editor.commands.last == .stopProjection)
    #expect(editor.state.photo.projection?.stage == .ended(.stopped))
    // The square is shown as the search moved it.
    #expect(editor.state.photo.target.x == Self.one.x + 6)
    // What was under way does not count any more.
    editor.send(.photo(.stepped(1, distance: 0.001, best: nil, secondsPerStep: 1)))
    #expect(editor.state.photo.projection?.steps == 7)
    editor.keys("c")
    #expect(editor.state.photo.projection == nil)
    #expect(editor.state.photo.crop == Self.one)
  }

  @Test func takingItWhileItRunsStopsIt() {
    var editor = editor()
    editor.keys("enter enter")
    #expect(editor.state.photo.isOpen, "nothing is found yet")
    step(&editor, 3)
    editor.keys("enter")
    #expect(editor.commands.contains(.stopProjection))
    #expect(editor.recipe.latent == .w((0..<8).map { Float($0 + 2) }))
  }

  @Test func pausesAndGoesOn() {
    var editor = editor()
    editor.keys("enter space")
    #expect(editor.state.photo.projection?.stage == .preparing)
    step(&editor, 2)
    editor.keys("space")
    #expect(editor.state.photo.projection?.stage == .paused)
    #expect(editor.commands.last == .pauseProjection(true))
    #expect(editor.screen.contains("paused"))
    editor.keys("space")
    #expect(editor.commands.last == .pauseProjection(false))
    #expect(editor.state.photo.projection?.stage == .running)
  }

  @Test func refinesInWPlus() throws {
    var editor = editor()
    editor.keys("enter")
    step(&editor, 4)
    editor.keys("w")
    #expect(editor.state.photo.projection?.runs.count == 1)
    editor.send(.photo(.ended(1, .allSteps)))
    editor.keys("w")
    guard case .project(let number, let order) = editor.commands.last else {
      Issue.record("nothing was asked for")
      return
    }
    #expect(number == 2)
    #expect(order.settings.space == .wPlus)
    #expect(order.initial == .w((0..<8).map { Float($0 + 3) }))
    #expect(order.crop.x == Self.one.x + 3)
    // What is left of the first does not disturb it.
    editor.send(.photo(.ended(1, .level)))
    step(&editor, 3, from: 0.05)
    editor.keys("x enter")
    #expect(editor.recipe.latent == .ws((0..<96).map { Float($0) }, rows: 12))
    editor.keys("s \"plus\" enter")
    guard case .object(let record)? = editor.projections["plus"] else {
      Issue.record("no record")
      return
    }
    #expect(record["space"] == .string("w+"))
    editor.keys("p w")
    #expect(editor.state.photo.projection?.runs.count == 2)
  }

  @Test func aRefinementThatNeverBeganLeavesTheFirst() {
    var editor = editor()
    editor.keys("enter")
    step(&editor, 4)
    editor.send(.photo(.ended(1, .allSteps)))
    editor.keys("w x")
    #expect(editor.state.photo.projection?.runs.count == 1)
    #expect(editor.state.photo.projection?.canRefine == true)
  }

  @Test func failuresAreSaid() {
    var editor = editor()
    editor.keys("enter")
    editor.send(.photo(.ended(1, .failed("the weights are unreadable"))))
    #expect(editor.state.notice?.kind == .error)
    #expect(editor.screen.contains("not found"))
    editor.keys("enter")
    #expect(editor.state.photo.isOpen)
    editor.keys("c")
    #expect(editor.state.photo.projection == nil)
  }

  @Test func editingGoesOnMeanwhile() {
    var editor = editor()
    editor.keys("enter")
    step(&editor, 50)
    editor.keys("esc right")
    #expect(editor.recipe.edits.count == 1)
    #expect(editor.screen.contains("photo 50 %"))
    editor.send(.photo(.ended(1, .level)))
    #expect(editor.state.notice == .information("“me.png” is found: p shows it"))
    editor.keys("p")
    #expect(editor.state.photo.isOpen)
    #expect(editor.state.contexts == [.projection])
  }

  @Test func earlyPreviewsAreNoMeasure() {
    var editor = editor()
    editor.keys("enter")
    step(&editor, 3, from: 0.001)
    editor.send(.photo(.restarted(1)))
    #expect(editor.state.photo.projection?.run.firstComparable == 3)
    step(&editor, 2, from: 0.5)
    #expect(editor.state.photo.projection?.best?.distance == 0.25)
  }

  @Test func quittingAsksFirst() {
    var editor = editor()
    editor.keys("enter")
    step(&editor, 3)
    editor.keys("esc q")
    #expect(!editor.state.isFinished)
    editor.keys("n")
    #expect(!editor.state.isFinished)
    editor.keys("p enter q")
    #expect(editor.state.isFinished)
  }

  @Test func foundFacesMix() {
    var editor = editor()
    editor.keys("enter")
    step(&editor, 3)
    editor.send(.photo(.ended(1, .level)))
    editor.keys("b")
    #expect(!editor.state.photo.isOpen)
    #expect(editor.state.mix.partner == .w((0..<8).map { Float($0 + 2) }))
    #expect(editor.state.mix.partnerName == "me")
  }

  @Test func otherModelsWaitForThePage() {
    var editor = editor()
    editor.keys("M")
    #expect(editor.state.mode == .page, "no list over this page")
    editor.keys("? esc")
    #expect(editor.state.contexts == [.photo])
  }
}
