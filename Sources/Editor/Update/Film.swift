import Latents
import TUI

/// The film page.
extension State {
  mutating func openFilm() -> [Command] {
    closeGesture()
    film.isOpen = true
    // A page with nothing on it says less than one with the face at hand.
    return film.keyframes.isEmpty ? addFace(recipe, named: faceName) : filmThumbnails()
  }

  /// What the face at hand is called.
  private var faceName: String {
    document.presetName.map { document.isChanged ? $0 + "*" : $0 } ?? recipe.latent.summary
  }

  mutating func performOnFilm(_ action: Action) -> [Command] {
    switch action {
    case .cancel, .openFilm:
      film.isOpen = false
      return stopPlaying()
    case .help: mode = .help(offset: 0)
    case .less: film.select(film.selected - 1)
    case .more: film.select(film.selected + 1)
    case .first: film.select(0)
    case .last: film.select(film.keyframes.count - 1)
    case .frameEarlier:
      film.moveSelected(by: -1)
      return filmChanged()
    case .frameLater:
      film.moveSelected(by: 1)
      return filmChanged()
    case .removeFrame:
      film.removeSelected()
      return filmChanged()
    case .addFace: return addFace(recipe, named: faceName)
    case .addSources: return [.listPresets]
    case .longer: return changeTime(\.duration, by: 0.25)
    case .shorter: return changeTime(\.duration, by: -0.25)
    case .holdLonger: return changeTime(\.hold, by: 0.25)
    case .holdShorter: return changeTime(\.hold, by: -0.25)
    case .cycleInterpolation:
      let all: [Interpolation] = [.spline, .linear, .slerp]
      let index = all.firstIndex(of: film.timeline.interpolation) ?? 0
      film.timeline.interpolation = all[(index + 1) % all.count]
      return filmChanged()
    case .toggleLoop:
      film.timeline.isLoop.toggle()
      return filmChanged()
    case .toggleEvenSpeed:
      film.timeline.isConstantSpeed.toggle()
    case .play: return film.isPlaying ? stopPlaying() : startPlaying()
    case .makeFilm:
      guard film.making == nil else {
        notice = .information("a film is being made; x stops it")
        return []
      }
      guard !film.keyframes.isEmpty else { return sayEmpty() }
      mode = .prompt(Prompt(.filmPath, text: film.path))
    case .stopMaking:
      guard film.making != nil else { return [] }
      return [.stopMaking]
    case .saveTimeline:
      guard !film.keyframes.isEmpty else { return sayEmpty() }
      mode = .prompt(Prompt(.timelineSave, text: film.timelinePath))
    case .openTimeline: mode = .prompt(Prompt(.timelineOpen, text: film.timelinePath))
    case .quit: return finish()
    default: break
    }
    return []
  }

  private mutating func sayEmpty() -> [Command] {
    notice = .information("a film needs a face: c adds the one being edited")
    return []
  }

  // MARK: Keyframes

  mutating func addFace(_ recipe: Recipe, named name: String) -> [Command] {
    let duration =
      film.keyframes.indices.contains(film.selected)
      ? film.keyframes[film.selected].frame.duration : Timeline.usualDuration
    let keyframe = film.add(Timeline.Keyframe(name: name, recipe: recipe, duration: duration))
    return [.filmThumbnail(id: keyframe.id, recipe)] + filmChanged()
  }

  private mutating func changeTime(
    _ time: WritableKeyPath<Timeline.Keyframe, Double>, by seconds: Double
  ) -> [Command] {
    guard film.keyframes.indices.contains(film.selected) else { return [] }
    let old = film.keyframes[film.selected].frame[keyPath: time]
    let least = time == \Timeline.Keyframe.duration ? 0.25 : 0
    film.keyframes[film.selected].frame[keyPath: time] = min(max(old + seconds, least), 600)
    film.timeline.frameCount = nil
    return filmChanged()
  }

  /// What plays follows what is changed.
  private mutating func filmChanged() -> [Command] {
    guard film.isPlaying else { return [] }
    return film.keyframes.isEmpty ? stopPlaying() : [.playFilm(film.film)]
  }

  /// Pictures that are not there yet, after another model was in use or a timeline was opened.
  mutating func filmThumbnails() -> [Command] {
    film.keyframes.filter { $0.thumbnail == nil }.map {
      .filmThumbnail(id: $0.id, $0.frame.recipe)
    }
  }

  // MARK: Sources

  /// The presets, once listed, and what else there is to take.
  mutating func showFilmSources(_ presets: [PresetEntry]) {
    var entries = document.bookmarks.enumerated().map { index, recipe in
      FilmSources.Entry(
        name: "★ \(index + 1)", detail: recipe.latent.summary, source: .face(recipe))
    }
    entries += presets.map {
      FilmSources.Entry(
        name: $0.name, detail: "preset", source: .preset($0.name), isUsable: $0.isUsable)
    }
    entries += document.history.steps.reversed().map {
      FilmSources.Entry(name: $0.label, detail: "history", source: .face($0.recipe))
    }
    mode = .filmSources(FilmSources(entries: entries))
  }

  mutating func performInFilmSources(_ list: FilmSources, _ action: Action) -> [Command] {
    var list = list
    switch action {
    case .cancel:
      mode = .page
      return []
    case .accept:
      let entry = list.entries[list.selected]
      guard entry.isUsable else {
        notice = .error("“\(entry.name)” was made for another model")
        return []
      }
      // The list stays, so that several can be taken; the next is chosen.
      list.select(list.selected + 1)
      mode = .filmSources(list)
      switch entry.source {
      case .face(let recipe): return addFace(recipe, named: entry.name)
      case .preset(let name): return [.loadPreset(name: name)]
      }
    default: break
    }
    if let line = action.line(
      from: list.selected, count: list.entries.count, screenful: screenful)
    {
      list.select(line)
    }
    mode = .filmSources(list)
    return []
  }

  // MARK: Playing and making

  private mutating func startPlaying() -> [Command] {
    guard !film.keyframes.isEmpty else { return sayEmpty() }
    film.isPlaying = true
    return [.playFilm(film.film)]
  }

  mutating func stopPlaying() -> [Command] {
    guard film.isPlaying else { return [] }
    film.isPlaying = false
    return [.stopPlaying]
  }

  mutating func answerFilm(_ purpose: Prompt.Purpose, _ text: String) -> [Command] {
    switch purpose {
    case .filmPath:
      film.path = text
      return [.makeFilm(film.film, path: text)]
    case .timelineSave:
      film.timelinePath = text
      return [.saveTimeline(film.film, path: text)]
    case .timelineOpen:
      film.timelinePath = text
      return [.openTimeline(path: text)]
    default: return []
    }
  }

  mutating func receive(_ message: FilmMessage) -> [Command] {
    switch message {
    case .thumbnail(let id):
      guard let index = film.keyframes.firstIndex(where: { $0.id == id }) else { return [] }
      film.keyframes[index].thumbnail = (film.keyframes[index].thumbnail ?? 0) + 1
    case .played(let seconds):
      guard film.isPlaying else { return [] }
      film.playhead = seconds
      film.playback = (film.playback ?? 0) + 1
    case .playingFailed(let reason):
      film.isPlaying = false
      notice = .error(reason)
    case .making(let path, let done, let total):
      film.making = FilmPage.Making(path: path, done: done, total: total)
    case .made(let path):
      film.making = nil
      notice = .information("“\(path)” is done")
    case .makingStopped(let path, let done, let total):
      film.making = nil
      notice = .information(
        "stopped; \(done) of \(total) frames are kept, making “\(path)” again goes on there")
    case .makingFailed(let reason):
      film.making = nil
      notice = .error(reason)
    case .timelineSaved(let path): notice = .information("saved as “\(path)”")
    case .timelineOpened(let timeline):
      film.open(timeline)
      notice = .information(
        "“\(timeline.name)”: \(timeline.keyframes.count) keyframe\(timeline.keyframes.count == 1 ? "" : "s")")
      return filmThumbnails() + filmChanged()
    }
    return []
  }
}
