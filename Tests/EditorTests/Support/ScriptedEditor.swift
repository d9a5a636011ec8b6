import Editor
import Imaging
import Latents
import StyleGAN
import TUI
import Testing

/// The editor without a terminal: keys go in as words, commands are answered from memory, time
/// passes as the script says.
struct ScriptedEditor {
  var state: State
  /// All commands so far, renderings among them.
  private(set) var commands: [Command] = []
  /// The presets "on disk".
  var presets: [String: Recipe] = [:]
  /// Seeds "drawn", in order.
  var seeds: [UInt32] = [7, 8, 9]
  var session: JournalReplay?
  /// The timelines "on disk".
  var timelines: [String: Timeline] = [:]
  /// The photos "on disk", and where their faces are.
  var photos: [String: (photo: PhotoPage.Photo, search: FaceSearch)] = [:]
  /// Whether its weights are "imported".
  var hasLPIPS = false
  /// What the presets say of the photos they were found in.
  private(set) var projections: [String: JSONDocument] = [:]
  /// The models "installed".
  var models = [
    ModelListing(id: "studio", name: "studio", family: "StyleGAN2", resolution: 128),
    ModelListing(id: "/m/ffhq", name: "ffhq", family: "StyleGAN3", resolution: 1024),
    ModelListing(
      id: "/m/torn", name: "torn", family: "", resolution: 0,
      problem: "ends in the middle of a tensor"),
  ]
  private(set) var time = 100.0

  init(
    _ columns: Int, _ rows: Int, colors: ColorDepth = .trueColor, graphics: GraphicsKind = .sixel,
    components: Bool = true, seed: UInt32 = 42,
    classes: Int = 0, family: GeneratorConfiguration.Family = .styleGAN2
  ) {
    var configuration = GeneratorConfiguration(
      resolution: 128, zDim: 192, wDim: 8, mappingLayers: 3,
      blockChannels: [8, 8, 8, 8, 8, 8])
    configuration.cDim = classes
    configuration.family = family
    if family == .styleGAN3 { configuration.aliasFree = AliasFreeConfiguration() }
    let traits = TerminalTraits(
      size: Size(columns: columns, rows: rows), cell: .init(width: 8, height: 16),
      graphics: graphics, colors: colors,
      reasons: ["sixel: the terminal says it has it (DA1 4)"])
    state = State(
      model: ModelSummary(name: "studio", sha256: "abc", configuration: configuration),
      sliders: ToyModel.directions.all.map(SliderSpec.init),
      recipe: Recipe(latent: .seed(seed), truncation: Truncation(psi: 0.7)), screen: traits)
    send(.started(traits))
    settle()
    if components { send(.directionsFound(ToyModel.components.map(SliderSpec.init))) }
  }

  var recipe: Recipe { state.recipe }
  var screen: String { view(state).description }
  var lastRender: RenderRequest? {
    commands.lazy.reversed().compactMap {
      if case .render(let request) = $0, request.subject != .thumbnail { request } else { nil }
    }.first
  }
  var journal: [JournalRecord] {
    commands.flatMap { command -> [JournalRecord] in
      if case .write(let records) = command { records } else { [] }
    }
  }

  mutating func send(_ message: Message) {
    for command in update(&state, message) {
      commands.append(command)
      answer(command)
    }
  }

  /// Keys, separated by spaces: characters as they are, others by name (`right`, `shift-left`,
  /// `ctrl-r`, `enter`); `"text"` types the text. A tenth of a second passes before each.
  mutating func keys(_ script: String) {
    for word in script.split(separator: " ") {
      if word.first == "\"", word.count > 1 {
        for character in word.dropFirst().prefix(while: { $0 != "\"" }) {
          press(KeyChord(.character(character == "_" ? " " : character)))
        }
      } else {
        press(chord(String(word)))
      }
    }
  }

  mutating func press(_ chord: KeyChord) {
    time += 0.1
    send(.input(.key(chord.key, chord.modifiers), time: time))
  }

  mutating func mouse(
    _ kind: MouseEvent.Kind, _ column: Int, _ row: Int, _ modifiers: Modifiers = []
  ) {
    time += 0.1
    send(
      .input(
        .mouse(MouseEvent(kind, at: Point(column: column, row: row), modifiers: modifiers)),
        time: time))
  }

  mutating func pause(_ seconds: Double) { time += seconds }

  /// Finishes what was asked of the renderer.
  mutating func settle() {
    for subject in RenderRequest.Subject.allCases {
      let request = commands.lazy.reversed().compactMap { command -> RenderRequest? in
        if case .render(let request) = command, request.subject == subject { request } else { nil }
      }.first
      let shown = state.pictures.shown(subject)
      guard let request, request.number != shown?.report.request else { continue }
      send(
        .rendered(
          RenderReport(
            request: request.number, subject: subject, resolution: 128, isFull: true,
            isSettled: true, seconds: 0.018, distance: 0.8)))
    }
  }

  /// The first cell of the screen where a text is, counting columns as the terminal does.
  func find(_ text: String) -> Point? {
    let frame = view(state)
    let wanted = text.map(String.init)
    for row in 0..<frame.size.rows {
      for column in 0..<max(0, frame.size.columns - wanted.count + 1)
      where wanted.indices.allSatisfy({ frame[column + $0, row].text == wanted[$0] }) {
        return Point(column: column, row: row)
      }
    }
    return nil
  }

  private mutating func answer(_ command: Command) {
    switch command {
    case .drawSeed: send(.seedDrawn(seeds.isEmpty ? 0 : seeds.removeFirst()))
    case .listPresets:
      send(
        .presetsListed(
          presets.keys.sorted().map {
            PresetEntry(name: $0, detail: presets[$0]?.latent.summary ?? "")
          }))
    case .loadPreset(let name):
      if let recipe = presets[name] {
        send(.presetLoaded(name: name, recipe, projection: projections[name]))
      } else {
        send(.failed("no preset “\(name)”"))
      }
    case .loadPartner(let name):
      if let recipe = presets[name] { send(.partnerLoaded(name: name, recipe.latent)) }
    case .savePreset(let name, let recipe, let projection, let replacing):
      if presets[name] != nil, !replacing {
        send(.presetExists(name: name))
      } else {
        presets[name] = recipe
        projections[name] = projection
        send(.presetSaved(name: name))
      }
    case .renamePreset(let old, let new, let replacing):
      if presets[new] != nil, !replacing {
        send(.renameBlocked(from: old, to: new))
      } else {
        presets[new] = presets.removeValue(forKey: old)
        send(.presetRenamed(from: old, to: new))
      }
    case .deletePreset(let name): presets[name] = nil
    case .restoreSession:
      if let session, let history = session.history {
        send(.sessionRestored(history, bookmarks: session.bookmarks))
      }
    case .loadThumbnail(let name):
      if let recipe = presets[name] { send(.thumbnailLoaded(name: name, recipe)) }
    case .listModels: send(.modelsListed(models))
    case .filmThumbnail(let id, _): send(.film(.thumbnail(id: id)))
    case .makeFilm(let film, let path):
      send(.film(.making(path: path, done: 0, total: film.frames)))
    case .stopMaking: send(.film(.makingStopped(path: "film.mp4", done: 30, total: 120)))
    case .saveTimeline(let film, let path):
      timelines[path] = film
      send(.film(.timelineSaved(path: path)))
    case .openTimeline(let path):
      if let film = timelines[path] { send(.film(.timelineOpened(film))) }
    case .listPaths(let text):
      send(.pathsListed(text, photos.keys.filter { $0.hasPrefix(text) }.sorted()))
    case .openPhoto(let number, let path):
      guard let (photo, search) = photos[path] else {
        send(
          .photo(
            .openingFailed(
              number, path: path, reason: "\(path): cannot open: No such file or directory")))
        return
      }
      send(.photo(.opened(number, photo)))
      send(.photo(.searched(number, search)))
    case .measureProjection(let distance):
      guard distance == .builtin || hasLPIPS else {
        send(.photo(.unmeasured(distance, reason: "no LPIPS features are installed")))
        return
      }
      send(
        .photo(
          .measured(
            distance,
            ProjectionPace(
              secondsPerStep: distance == .builtin ? 0.06 : 0.3,
              features: distance == .builtin ? "pyramid" : "LPIPS VGG16"))))
    case .render, .write, .discardJournal, .discover, .loadModel, .stopLoadingModel, .playFilm,
      .stopPlaying, .project, .pauseProjection, .stopProjection:
      break
    }
  }

  private func chord(_ word: String) -> KeyChord {
    var name = Substring(word)
    var modifiers: Modifiers = []
    for (prefix, modifier) in [("ctrl-", Modifiers.control), ("alt-", .alt), ("shift-", .shift)]
    where name.hasPrefix(prefix) && name.count > prefix.count {
      name = name.dropFirst(prefix.count)
      modifiers.insert(modifier)
    }
    let named: [Substring: Key] = [
      "right": .right, "left": .left, "up": .up, "down": .down, "enter": .enter, "esc": .escape,
      "tab": .tab, "home": .home, "end": .end, "pageup": .pageUp, "pagedown": .pageDown,
      "backspace": .backspace, "delete": .delete, "space": .character(" "), "F1": .function(1),
    ]
    return KeyChord(named[name] ?? .character(name.first ?? " "), modifiers)
  }
}
