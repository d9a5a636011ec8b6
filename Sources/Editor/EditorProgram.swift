package import Imaging
package import Latents
import StyleGAN
package import TUI
import Tensors

/// The editor as a program for a terminal: it passes events to `update`, carries out the commands,
/// keeps the pixels, and shows what `view` says.
package final class EditorProgram: TerminalProgram {
  /// What other threads have to say.
  fileprivate struct Inbox: Sendable {
    /// The newest picture of each subject that is whole, and what else happened, in order.
    var results: [RenderResult] = []
    var messages: [Message] = []
    var found: [Direction]?
  }

  package private(set) var state: State
  private let model: EditorModel
  private let services: EditorServices
  fileprivate let inbox: Monitor<Inbox>
  private let wake: @Sendable () -> Void
  private let worker: RenderWorker
  private var directions: DirectionLibrary
  private var images: [Int: PixelImage] = [:]
  private var hasToldOfJournal = false

  /// - Parameters:
  ///   - recipe: the first face.
  ///   - presetName: the preset it came from.
  ///   - notice: what to say at the start, if anything.
  ///   - wake: makes the terminal call `receive` with `InputEvent.wake`; from any thread.
  package init(
    model: EditorModel, recipe: Recipe, presetName: String? = nil, notice: Notice? = nil,
    services: EditorServices, wake: @escaping @Sendable () -> Void
  ) {
    self.model = model
    self.services = services
    self.wake = wake
    directions = model.directions
    state = State(
      model: model.summary, sliders: model.directions.all.map(SliderSpec.init), recipe: recipe,
      presetName: presetName)
    state.notice = notice
    let inbox = Monitor(Inbox())
    self.inbox = inbox
    worker = RenderWorker(
      model: model.model, directions: model.directions, clock: services.clock
    ) { result in
      inbox.update { $0.add(result) }
      wake()
    }
    if let session = services.findSession(), let steps = session.history?.steps.count {
      handle(.sessionFound(steps: steps))
      if let notice { state.notice = notice }
    }
  }

  deinit { worker.stop() }

  // MARK: TerminalProgram

  package func terminalDidStart(_ traits: TerminalTraits) { handle(.started(traits)) }

  package func receive(_ events: [InputEvent]) {
    for event in events {
      if event == .wake {
        openInbox()
      } else {
        handle(.input(event, time: services.clock()))
      }
    }
  }

  package func view(_ size: Size) -> Frame {
    if state.screen.size != size {
      handle(.input(.resize(size), time: services.clock()))
    }
    return Editor.view(state)
  }

  package func image(_ id: Int) -> PixelImage? { images[id] }

  package var imageQuality: ImageQuality {
    state.pictures.current?.report.isSettled == false ? .draft : .still
  }

  package var isFinished: Bool { state.isFinished }

  package func terminalWillEnd() {
    run(.write(state.document.unwritten))
    state.document.unwritten = []
    worker.stop()
  }

  // MARK: Messages and commands

  private func handle(_ message: Message) {
    for command in update(&state, message) { run(command) }
    if state.isFinished { worker.stop() }
  }

  private func openInbox() {
    let (results, messages, found) = inbox.update { inbox in
      defer { inbox = Inbox() }
      return (inbox.results, inbox.messages, inbox.found)
    }
    for result in results {
      switch result {
      case .picture(let report, let image):
        handle(.rendered(report))
        let shown =
          report.subject == .current ? state.pictures.current : state.pictures.reference
        if shown?.report == report {
          images[report.subject == .current ? State.ImageID.current : State.ImageID.reference] =
            image
        }
      case .failed(let request, let reason):
        handle(.renderFailed(request: request, reason: reason))
      }
    }
    if let found {
      directions.add(found)
      worker.use(directions)
      handle(.directionsFound(found.map(SliderSpec.init)))
    }
    for message in messages { handle(message) }
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
    case .render(let request): worker.submit(request)
    case .drawSeed: return .seedDrawn(services.randomSeed())
    case .listPresets: return .presetsListed(services.listPresets())
    case .loadPreset(let name):
      return .presetLoaded(name: name, try services.loadPreset(name).recipe)
    case .loadPartner(let name): return .partnerLoaded(name: name, try partner(name))
    case .savePreset(let name, let recipe, let replacing):
      let preset = Preset(name: name, model: state.model.reference, recipe: recipe)
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

extension EditorProgram.Inbox {
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
