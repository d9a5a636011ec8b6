package import Latents

/// The film being put together, and what is shown of it.
package struct FilmPage: Hashable, Sendable {
  package struct Keyframe: Hashable, Sendable {
    /// Names its small picture; no two have the same.
    package var id: Int
    package var frame: Timeline.Keyframe
    /// Changes when the small picture does; nil until it is there.
    package var thumbnail: Int?
  }

  /// A film being made in the background.
  package struct Making: Hashable, Sendable {
    package var path: String
    package var done = 0
    package var total: Int
  }

  /// Whether the page is in front.
  package var isOpen = false
  package var keyframes: [Keyframe] = []
  package var selected = 0
  /// Everything but the keyframes.
  package var timeline: Timeline
  package var isPlaying = false
  /// Changes with each picture of the playback; nil before the first.
  package var playback: Int?
  /// Seconds from the beginning of the film to what the playback shows.
  package var playhead = 0.0
  package var making: Making?
  /// Where films and timelines went last.
  package var path = "film.mp4"
  package var timelinePath = "film.json"
  private var lastID = 0

  package init(model: ModelReference) {
    timeline = Timeline(name: "film", model: model, keyframes: [])
    timeline.isLoop = true
    timeline.isConstantSpeed = false
  }

  /// The whole film.
  package var film: Timeline {
    var film = timeline
    film.keyframes = keyframes.map(\.frame)
    return film
  }

  /// Puts a keyframe behind the chosen one, and chooses it.
  package mutating func add(_ frame: Timeline.Keyframe) -> Keyframe {
    lastID += 1
    let keyframe = Keyframe(id: lastID, frame: frame)
    let place = keyframes.isEmpty ? 0 : selected + 1
    keyframes.insert(keyframe, at: place)
    selected = place
    return keyframe
  }

  package mutating func select(_ index: Int) {
    selected = min(max(index, 0), max(0, keyframes.count - 1))
  }

  package mutating func removeSelected() {
    guard keyframes.indices.contains(selected) else { return }
    keyframes.remove(at: selected)
    select(selected)
  }

  /// Moves the chosen keyframe, as far as there is room.
  package mutating func moveSelected(by distance: Int) {
    let place = min(max(selected + distance, 0), keyframes.count - 1)
    guard keyframes.indices.contains(selected), place != selected else { return }
    keyframes.insert(keyframes.remove(at: selected), at: place)
    selected = place
  }

  /// Another film in its place.
  package mutating func open(_ film: Timeline) {
    timeline = film
    timeline.keyframes = []
    keyframes = []
    selected = 0
    for frame in film.keyframes { _ = add(frame) }
    selected = 0
  }
}

/// Where keyframes come from: steps, bookmarks and presets, in one list.
package struct FilmSources: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    case face(Recipe)
    /// Read when it is taken.
    case preset(String)
  }
  package struct Entry: Hashable, Sendable {
    package var name: String
    package var detail: String
    package var source: Source
    package var isUsable = true
  }
  package var entries: [Entry]
  package var selected = 0

  package mutating func select(_ index: Int) {
    selected = min(max(index, 0), entries.count - 1)
  }
}
