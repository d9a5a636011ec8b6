import Latents
import TUI

/// What a message changes, and what has to be done outside. Pure: the same state and message give
/// the same result; clocks, randomness and files come in as messages.
package func update(_ state: inout State, _ message: Message) -> [Command] {
  var commands: [Command] = []
  switch message {
  case .started(let traits):
    let isFirst = state.pictures.lastRequest == 0
    state.screen = traits
    state.revealFocus()
    if isFirst { commands += state.requestPicture(isMoving: false) }
  case .input(let event, let time):
    commands += state.receive(event, time: time)
  case .rendered(let report):
    commands += state.receive(report)
  case .renderFailed(let request, let reason):
    if request == state.pictures.lastThumbnailRequest {
      state.pictures.thumbnail = nil
    } else if request >= state.pictures.lastCurrentRequest {
      state.notice = .error(reason)
    }
  case .discoveryStarted:
    state.panel.discovery = .running
  case .directionsFound(let sliders):
    let known = Set(state.panel.sliders.map(\.name))
    state.panel.sliders += sliders.filter { !known.contains($0.name) }
    state.panel.discovery = .done
    if let name = state.panel.waitingPreset {
      state.panel.waitingPreset = nil
      commands.append(.loadPreset(name: name))
    }
  case .discoveryFailed(let reason):
    state.panel.discovery = .failed(reason)
  case .seedDrawn(let seed):
    commands += state.startFace(seed: seed)
  case .presetsListed(let entries):
    if state.film.isOpen {
      state.showFilmSources(entries)
    } else {
      commands += state.showPresets(entries)
    }
  case .presetLoaded(let name, let recipe, let projection):
    commands +=
      state.film.isOpen
      ? state.addFace(recipe, named: name)
      : state.load(recipe, named: name, projection: projection)
  case .partnerLoaded(let name, let latent):
    commands += state.choosePartner(latent, name: name)
  case .presetSaved(let name):
    state.document.presetName = name
    state.document.saved = state.recipe
    state.notice = .information("saved as “\(name)”")
  case .presetExists(let name):
    state.mode = .confirm(Confirmation(purpose: .overwrite(name)))
  case .presetRenamed(let old, let new):
    if state.document.presetName == old { state.document.presetName = new }
    state.notice = .information("renamed to “\(new)”")
    commands.append(.listPresets)
  case .renameBlocked(let old, let new):
    state.mode = .confirm(Confirmation(purpose: .overwriteByRenaming(old, to: new)))
  case .sessionFound(let steps):
    state.document.recoverableSteps = steps
    state.notice = .information(
      "\(steps) step\(steps == 1 ? "" : "s") of an earlier session were kept: R brings them back")
  case .sessionRestored(let history, let bookmarks):
    commands += state.restore(history, bookmarks: bookmarks)
  case .thumbnailLoaded(let name, let recipe):
    commands += state.requestThumbnail(recipe, named: name)
  case .modelsListed(let entries):
    state.showModels(entries)
  case .modelProgress(let progress):
    state.loading?.progress = progress
  case .modelFailed(let name, let reason):
    state.loading = nil
    state.notice = .error("“\(name)” is not loaded: \(reason)")
  case .cameBack(let traits):
    commands += state.comeBack(traits)
  case .pathsListed(let text, let paths):
    state.complete(text, paths)
  case .film(let message):
    commands += state.receive(message)
  case .photo(let message):
    commands += state.receive(message)
  case .failed(let reason):
    state.notice = .error(reason)
  }
  return commands + state.thumbnailCommands() + state.journalCommands()
}

extension State {
  fileprivate mutating func receive(_ event: InputEvent, time: Double) -> [Command] {
    switch event {
    case .key(let key, let modifiers):
      notice = nil
      return receive(KeyChord(key, modifiers), time: time)
    case .mouse(let mouse):
      return receive(mouse, time: time)
    case .paste(let text):
      return paste(text)
    case .resize(let size):
      screen.size = size
      revealFocus()
      return []
    case .wake, .resumed:
      return []
    }
  }

  fileprivate mutating func receive(_ report: RenderReport) -> [Command] {
    if report.subject == .thumbnail {
      guard report.request == pictures.lastThumbnailRequest, case .presets = mode else { return [] }
      pictures.thumbnailCount += 1
      pictures.thumbnail = Pictures.Shown(generation: pictures.thumbnailCount, report: report)
      return []
    }
    let known = pictures.shown(report.subject)
    if let known, report.request < known.report.request { return [] }
    let generation = (known?.generation ?? 0) + (report.isNewPicture ? 1 : 0)
    let shown = Pictures.Shown(generation: generation, report: report)
    if report.subject == .current {
      pictures.current = shown
    } else {
      pictures.reference = shown
    }
    guard report.isSettled, report.subject == .current, panel.discovery == .waiting else {
      return []
    }
    // Only now, so that the search does not delay the first picture.
    panel.discovery = .running
    return [.discover]
  }

  /// Hands over what the journal lacks, except in the middle of a movement (whose last state
  /// follows when the picture has settled or the movement ends).
  fileprivate mutating func journalCommands() -> [Command] {
    let isMoving = gesture?.isDrag == true && !pictures.isSettled
    guard !document.unwritten.isEmpty, !isMoving || document.unwritten.count > 1 else { return [] }
    defer { document.unwritten = [] }
    var commands: [Command] = [.write(document.unwritten)]
    if isFinished && !hasSomethingToKeep { commands.append(.discardJournal) }
    return commands
  }

  /// Whether leaving now would lose something that only the journal has.
  package var hasSomethingToKeep: Bool {
    document.isChanged || !document.bookmarks.isEmpty
  }

  /// Quits, unless something would be lost that took a while.
  mutating func finish() -> [Command] {
    if let projection = photo.projection, !projection.isTaken,
      projection.isUnderWay || projection.best != nil, let shown = photo.photo
    {
      mode = .confirm(Confirmation(purpose: .leavePhoto(shown.name)))
      return []
    }
    return leave()
  }

  mutating func leave() -> [Command] {
    closeGesture()
    isFinished = true
    return !document.unwritten.isEmpty || hasSomethingToKeep ? [] : [.discardJournal]
  }
}
