import Imaging
import Latents
import StyleGAN
import TUI
import Tensors

/// The editor at work with one model: it passes events to `update`, carries out the commands, and
/// keeps the pixels.
final class EditorSession {
  /// What other threads have to say.
  fileprivate struct Inbox: Sendable {
    /// The newest picture of each subject that is whole, and what else happened, in order.
    var results: [RenderResult] = []
    var messages: [Message] = []
    var found: [Direction]?
    /// Pictures of the other pages, by the numbers they are known by.
    var pageImages: [Int: PixelImage] = [:]
    var photo: PhotoLevels?
  }

  /// A session without its model, while another one is in use.
  struct Parked {
    fileprivate var state: State
    fileprivate var services: EditorServices
    fileprivate var directions: DirectionLibrary
    fileprivate var images: [Int: PixelImage]

    func isOf(_ model: EditorModel) -> Bool { state.model.sha256 == model.sha256 }

    /// The program ends: what was saved needs no journal.
    func end() {
      if !state.hasSomethingToKeep { services.discardJournal() }
    }
  }

  private(set) var state: State
  /// What only the program can do.
  private(set) var outbox: [Command] = []
  private let model: EditorModel
  private let services: EditorServices
  private let inbox: Monitor<Inbox>
  private let wake: @Sendable () -> Void
  private let worker: RenderWorker
  private let filmWorker: FilmWorker
  private let photoWorker: PhotoWorker
  private let photoPictures = PhotoPictures()
  private var directions: DirectionLibrary
  private var images: [Int: PixelImage] = [:]
  private var hasToldOfJournal = false

  private init(
    _ model: EditorModel, _ state: State, _ services: EditorServices,
    _ directions: DirectionLibrary, wake: @escaping @Sendable () -> Void
  ) {
    self.model = model
    self.state = state
    self.services = services
    self.directions = directions
    self.wake = wake
    let inbox = Monitor(Inbox())
    self.inbox = inbox
    worker = RenderWorker(
      model: model.model, directions: directions, clock: services.clock
    ) { result in
      inbox.update { $0.add(result) }
      wake()
    }
    filmWorker = FilmWorker(
      model: model.model, reference: model.summary.reference, directions: directions,
      clock: services.clock
    ) { message, picture in
      inbox.update { inbox in
        if let picture { inbox.pageImages[picture.id] = picture.1 }
        inbox.add(message)
      }
      wake()
    }
    photoWorker = PhotoWorker(model.photos, clock: services.clock) { message, attachment in
      inbox.update { inbox in
        switch attachment {
        case .photo(let levels): inbox.photo = levels
        case .found(let picture): inbox.pageImages[State.ImageID.found] = picture
        case nil: break
        }
        inbox.messages.append(.photo(message))
      }
      wake()
    }
  }

  /// A new session.
  convenience init(
    model: EditorModel, recipe: Recipe, presetName: String? = nil, services: EditorServices,
    wake: @escaping @Sendable () -> Void
  ) {
    let state = State(
      model: model.summary, sliders: model.directions.all.map(SliderSpec.init), recipe: recipe,
      presetName: presetName)
    self.init(model, state, services, model.directions, wake: wake)
    if let session = services.findSession(), let steps = session.history?.steps.count {
      handle(.sessionFound(steps: steps))
    }
  }

  /// A session that was left for another model.
  convenience init(
    model: EditorModel, resuming parked: Parked, wake: @escaping @Sendable () -> Void
  ) {
    self.init(model, parked.state, parked.services, parked.directions, wake: wake)
    images = parked.images
  }

  deinit {
    stopWorkers()
  }

  /// Leaves the model; its history, bookmarks and journal stay.
  func park() -> Parked {
    state.closeGesture()
    run(.write(state.document.unwritten))
    state.document.unwritten = []
    state.loading = nil
    state.notice = nil
    state.film.isPlaying = false
    state.film.making = nil
    state.leavePhoto()
    stopWorkers()
    return Parked(state: state, services: services, directions: directions, images: images)
  }

  func image(_ id: Int) -> PixelImage? { images[id] ?? photoPictures.picture(id, of: state) }

  func tell(_ notice: Notice) { state.notice = notice }

  func terminalDidTake(_ seconds: Double) { worker.keepPace(with: seconds) }

  func terminalWillEnd() {
    run(.write(state.document.unwritten))
    state.document.unwritten = []
    stopWorkers()
  }

  func takeOutbox() -> [Command] {
    defer { outbox = [] }
    return outbox
  }

  var time: Double { services.clock() }

  // MARK: Messages and commands

  func handle(_ message: Message) {
    for command in update(&state, message) { run(command) }
    if state.isFinished {
      stopWorkers()
    }
  }

  private func stopWorkers() {
    worker.stop()
    filmWorker.stop()
    photoWorker.stop()
  }

  func openInbox() {
    let news = inbox.update { inbox in
      defer { inbox = Inbox() }
      return inbox
    }
    images.merge(news.pageImages) { $1 }
    if let photo = news.photo { photoPictures.show(photo) }
    for result in news.results {
      switch result {
      case .picture(let report, let image):
        handle(.rendered(report))
        if state.pictures.shown(report.subject)?.report == report {
          images[State.ImageID.of(report.subject)] = image
        }
      case .failed(let request, let reason):
        handle(.renderFailed(request: request, reason: reason))
      }
    }
    if let found = news.found {
      directions.add(found)
      worker.use(directions)
      filmWorker.use(directions)
      handle(.directionsFound(found.map(SliderSpec.init)))
    }
    for message in news.messages { handle(message) }
  }

  private func run(_ command: Command) {
    do {
      if let message = try perform(command) { handle(message) }
    } catch {
      handle(.failed("\(error)"))
    }
  }

  private func perform(_ command: Command) throws -> Message? {
    switch command {
    case .render(let request):
      if request.isMoving {
        filmWorker.yieldToEditing()
        photoWorker.yieldToEditing()
      }
      worker.submit(request)
    case .drawSeed: return .seedDrawn(services.randomSeed())
    case .listPresets: return .presetsListed(services.listPresets())
    case .loadPreset(let name):
      let preset = try services.loadPreset(name)
      return .presetLoaded(name: name, preset.recipe, projection: preset.projection)
    case .loadPartner(let name): return .partnerLoaded(name: name, try partner(name))
    case .savePreset(let name, let recipe, let projection, let replacing):
      var preset = Preset(name: name, model: state.model.reference, recipe: recipe)
      preset.projection = projection
      switch try services.savePreset(preset, replacing) {
      case .done: return .presetSaved(name: name)
      case .exists: return .presetExists(name: name)
      }
    case .renamePreset(let old, let new, let replacing):
      switch try services.renamePreset(old, new, replacing) {
      case .done: return .presetRenamed(from: old, to: new)
      case .exists: return .renameBlocked(from: old, to: new)
      }
    case .deletePreset(let name): try services.deletePreset(name)
    case .write(let records): write(records)
    case .discardJournal: services.discardJournal()
    case .restoreSession:
      guard let replay = services.restoreSession(), let history = replay.history else {
        return .failed("the earlier session is no longer there")
      }
      return .sessionRestored(history, bookmarks: replay.bookmarks)
    case .discover: discover()
    case .loadThumbnail(let name):
      // One that cannot be read says so when it is opened.
      return (try? services.loadPreset(name)).map { .thumbnailLoaded(name: name, $0.recipe) }
    case .filmThumbnail(let id, let recipe): filmWorker.requestThumbnail(id: id, recipe)
    case .playFilm(let film): filmWorker.play(film)
    case .stopPlaying: filmWorker.stopPlaying()
    case .makeFilm(let film, let path): filmWorker.make(film, path: path)
    case .stopMaking: filmWorker.stopMaking()
    case .saveTimeline(let film, let path):
      try film.save(to: FilmWorker.expanded(path))
      return .film(.timelineSaved(path: path))
    case .openTimeline(let path):
      return .film(
        .timelineOpened(try filmWorker.open(path, preset: { try services.loadPreset($0) })))
    case .listPaths(let text): return .pathsListed(text, PathList.paths(beginningWith: text))
    case .openPhoto(let number, let path): photoWorker.open(number: number, path: path)
    case .measureProjection(let distance): photoWorker.measure(distance)
    case .project(let number, let order): photoWorker.project(number: number, order)
    case .pauseProjection(let isPaused): photoWorker.pause(isPaused)
    case .stopProjection: photoWorker.stopProjecting()
    case .listModels, .loadModel, .stopLoadingModel: outbox.append(command)
    }
    return nil
  }

  private func write(_ records: [JournalRecord]) {
    guard !records.isEmpty else { return }
    do {
      try services.writeJournal(records)
    } catch {
      // Once: a full disk should not hide every other notice.
      if !hasToldOfJournal {
        hasToldOfJournal = true
        state.notice = .error("steps are not kept: \(error)")
      }
    }
  }

  /// The face of a preset as it looks there: a plain seed stays one, anything else is worked out.
  private func partner(_ name: String) throws -> LatentSource {
    let recipe = try services.loadPreset(name).recipe
    if recipe.edits.isEmpty, recipe.mix.isEmpty,
      recipe.truncation == state.recipe.truncation || !recipe.latent.isTruncated
    {
      return recipe.latent
    }
    let ws = try recipe.ws(model: model.model, directions: directions)
    return .ws(ws.values, rows: state.model.configuration.numWs)
  }

  private func discover() {
    let (discover, inbox, wake) = (model.discover, inbox, wake)
    let isStarted = WorkerThread.start {
      do {
        let found = try discover()
        inbox.update { $0.found = found }
      } catch {
        inbox.update { $0.messages.append(.discoveryFailed("\(error)")) }
      }
      wake()
    }
    if !isStarted { handle(.discoveryFailed("the system has no thread left")) }
  }
}

extension EditorSession.Inbox {
  /// Of pictures of the playback, and of how far a film is, only the newest counts.
  fileprivate mutating func add(_ message: FilmMessage) {
    switch (messages.last, message) {
    case (.film(.played), .played), (.film(.making), .making): messages.removeLast()
    default: break
    }
    messages.append(.film(message))
  }

  /// Keeps only the newest picture of a subject.
  fileprivate mutating func add(_ result: RenderResult) {
    if case .picture(var report, let image) = result {
      let older = results.firstIndex {
        if case .picture(let other, _) = $0 { other.subject == report.subject } else { false }
      }
      if let older {
        // The pixels of the one dropped were new to the screen; those of its successor are too.
        if case .picture(let dropped, _) = results[older] {
          report.isNewPicture = report.isNewPicture || dropped.isNewPicture
        }
        results.remove(at: older)
      }
      results.append(.picture(report, image))
    } else {
      results.append(result)
    }
  }
}
