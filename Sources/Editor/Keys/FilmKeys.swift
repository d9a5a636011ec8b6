import TUI

/// The keys of the film page.
enum FilmKeys {
  typealias Binding = EditorKeys.Binding

  static let bindings: [Binding] = [
    Binding(
      "film-help", in: .film, [.character("?"), KeyChord(.function(1))], help: "all keys",
      hint: "help", mouse: "click the hint", action: .help),
    Binding(
      "film-add-face", in: .film, [.character("c")], help: "add the face being edited",
      hint: "add face", mouse: "click the hint", action: .addFace),
    Binding(
      "film-add", in: .film, [.character("a"), KeyChord(.enter)],
      help: "add from bookmarks, presets and history", hint: "add", mouse: "click the hint",
      action: .addSources),
    Binding(
      "film-play", in: .film, [.character(" ")], help: "play, stop", hint: "play",
      mouse: "click the picture", action: .play),
    Binding(
      "film-make", in: .film, [.character("m")], help: "make the film, in the background",
      hint: "make", mouse: "click the hint", action: .makeFilm),
    Binding(
      "film-close", in: .film, [KeyChord(.escape), .character("v"), .character("q")],
      help: "back to the face", hint: "back", mouse: "click the hint", action: .cancel),
    Binding(
      "film-left", in: .film, [KeyChord(.left), .character("h")], help: "the keyframe before",
      mouse: "click, wheel", action: .less(.normal)),
    Binding(
      "film-right", in: .film, [KeyChord(.right), .character("l")], help: "the next keyframe",
      mouse: "click, wheel", action: .more(.normal)),
    Binding("film-first", in: .film, [KeyChord(.home)], help: "the first", action: .first),
    Binding("film-last", in: .film, [KeyChord(.end)], help: "the last", action: .last),
    Binding(
      "film-earlier", in: .film, [KeyChord(.left, .shift), .character("H"), .character("<")],
      help: "move the keyframe forward", action: .frameEarlier),
    Binding(
      "film-later", in: .film, [KeyChord(.right, .shift), .character("L"), .character(">")],
      help: "move the keyframe back", action: .frameLater),
    Binding(
      "film-remove", in: .film, [.character("d"), KeyChord(.delete)], help: "remove the keyframe",
      hint: "remove", action: .removeFrame),
    Binding(
      "film-longer", in: .film, [.character("+"), KeyChord(.up), .character("k")],
      help: "longer to the next keyframe", action: .longer),
    Binding(
      "film-shorter", in: .film, [.character("-"), KeyChord(.down), .character("j")],
      help: "shorter to the next keyframe", action: .shorter),
    Binding(
      "film-hold-longer", in: .film, [.character("]")], help: "stay longer at the keyframe",
      action: .holdLonger),
    Binding(
      "film-hold-shorter", in: .film, [.character("[")], help: "stay shorter at the keyframe",
      action: .holdShorter),
    Binding(
      "film-loop", in: .film, [.character("o")], help: "lead back to the first keyframe, or not",
      action: .toggleLoop),
    Binding(
      "film-way", in: .film, [.character("i")], help: "the way: spline, linear, slerp",
      action: .cycleInterpolation),
    Binding(
      "film-even", in: .film, [.character("e")], help: "even speed, or as timed",
      action: .toggleEvenSpeed),
    Binding(
      "film-stop", in: .film, [.character("x")], help: "stop making; what is done is kept",
      action: .stopMaking),
    Binding(
      "film-save", in: .film, [.character("s")], help: "save the timeline to a file",
      hint: "save", action: .saveTimeline),
    Binding(
      "film-open", in: .film, [.character("O")], help: "open a timeline from a file",
      action: .openTimeline),
    Binding(
      "film-quit", in: .film, [.control("c")], help: "quit; a film being made is kept as far as it is",
      action: .quit),
  ]
}
