import TUI

/// The keys of the photo page.
enum PhotoKeys {
  typealias Binding = EditorKeys.Binding

  static let bindings: [Binding] =
    square + panning(in: .photo, named: "photo", what: "the square", mouse: "drag it")
    + sizing + marking + panning(in: .marking, named: "mark", what: "the mark", mouse: nil)
    + projection

  private static let square: [Binding] = [
    Binding(
      "photo-help", in: .photo, [.character("?"), KeyChord(.function(1))], help: "all keys",
      hint: "help", mouse: "click the hint", action: .help),
    Binding(
      "photo-find", in: .photo, [KeyChord(.enter)],
      help: "find the face in the square, in the background", hint: "find it",
      mouse: "click the hint", action: .accept),
    Binding(
      "photo-face", in: .photo, [.character("f"), KeyChord(.tab)],
      help: "the next face of several", hint: "next face", mouse: "click the hint",
      action: .nextFace),
    Binding(
      "photo-marks", in: .photo, [.character("m")],
      help: "mark both eyes and the mouth instead", hint: "mark eyes and mouth",
      mouse: "click the hint", action: .markFace),
    Binding(
      "photo-distance", in: .photo, [.character("d")],
      help: "compare by LPIPS, once imported, or by the built-in distance",
      action: .nextDistance),
    Binding(
      "photo-open", in: .photo, [.character("o")], help: "open another photo", hint: "open",
      mouse: "click the hint", action: .openFile),
    Binding(
      "photo-close", in: .photo, [KeyChord(.escape), .character("p"), .character("q")],
      help: "back to the face", hint: "back", mouse: "click the hint", action: .cancel),
    Binding(
      "photo-reset", in: .photo, [.character("0"), KeyChord(.delete)],
      help: "the square as it was found", hint: "reset", mouse: "double click", action: .reset),
    Binding(
      "photo-centre", in: .photo, [.character("c")], help: "the square in the middle, upright",
      action: .centreSquare),
  ]

  private static let sizing: [Binding] = [
    Binding(
      "photo-closer", in: .photo, [.character("+"), .character("=")],
      help: "closer: a smaller square", mouse: "wheel, drag a corner",
      action: .zoom(1, .normal)),
    Binding(
      "photo-wider", in: .photo, [.character("-"), .character("_")],
      help: "wider: a larger square", mouse: "wheel, drag a corner", action: .zoom(-1, .normal)),
    Binding(
      "photo-turn-left", in: .photo, [.character("[")], help: "turn it to the left, by 1°",
      mouse: "shift-wheel", action: .turn(-1, .normal)),
    Binding(
      "photo-turn-right", in: .photo, [.character("]")], help: "turn it to the right, by 1°",
      mouse: "shift-wheel", action: .turn(1, .normal)),
    Binding(
      "photo-turn-far-left", in: .photo, [.character("{")], help: "to the left by 10°",
      action: .turn(-1, .coarse)),
    Binding(
      "photo-turn-far-right", in: .photo, [.character("}")], help: "to the right by 10°",
      action: .turn(1, .coarse)),
    Binding(
      "photo-quit", in: .photo, [.control("c")], help: "quit", action: .quit),
  ]

  private static let marking: [Binding] = [
    Binding(
      "mark-help", in: .marking, [.character("?"), KeyChord(.function(1))], help: "all keys",
      hint: "help", mouse: "click the hint", action: .help),
    Binding(
      "mark-set", in: .marking, [KeyChord(.enter), .character(" ")], help: "set the mark",
      hint: "set the mark", mouse: "click the place", action: .accept),
    Binding(
      "mark-back", in: .marking, [KeyChord(.backspace), .character("u")],
      help: "take the last mark back", hint: "take back", mouse: "click the hint",
      action: .takeMarkBack),
    Binding(
      "mark-cancel", in: .marking, [KeyChord(.escape), .character("m"), .character("q")],
      help: "back to the square", hint: "cancel", mouse: "click the hint", action: .cancel),
    Binding("mark-quit", in: .marking, [.control("c")], help: "quit", action: .quit),
  ]

  private static let projection: [Binding] = [
    Binding(
      "find-help", in: .projection, [.character("?"), KeyChord(.function(1))], help: "all keys",
      hint: "help", mouse: "click the hint", action: .help),
    Binding(
      "find-take", in: .projection, [KeyChord(.enter)],
      help: "edit the nearest face so far", hint: "edit it", mouse: "click the hint",
      action: .accept),
    Binding(
      "find-pause", in: .projection, [.character(" ")], help: "pause, go on", hint: "pause",
      mouse: "click the hint", action: .pause),
    Binding(
      "find-stop", in: .projection, [.character("x")], help: "stop; the nearest face stays",
      hint: "stop", mouse: "click the hint", action: .stopFinding),
    Binding(
      "find-refine", in: .projection, [.character("w")],
      help: "refine in W+: a w for every row, nearer to the photo", hint: "refine in W+",
      mouse: "click the hint", action: .refine),
    Binding(
      "find-square", in: .projection, [.character("c"), KeyChord(.backspace)],
      help: "back to the square", hint: "square", mouse: "click the hint",
      action: .backToSquare),
    Binding(
      "find-partner", in: .projection, [.character("b")], help: "use as face B of the mix",
      hint: "face B", mouse: "click the hint", action: .usePartner),
    Binding(
      "find-open", in: .projection, [.character("o")], help: "open another photo",
      action: .openFile),
    Binding(
      "find-close", in: .projection, [KeyChord(.escape), .character("p"), .character("q")],
      help: "back to the editor; the search goes on", hint: "back", mouse: "click the hint",
      action: .cancel),
    Binding(
      "find-quit", in: .projection, [.control("c")], help: "quit", action: .quit),
  ]

  /// Arrows, with shift and ctrl and as letters.
  private static func panning(
    in context: Context, named name: String, what: String, mouse: String?
  ) -> [Binding] {
    let arrows: [Key] = [.left, .up, .down, .right]
    return [
      Binding(
        "\(name)-move", in: context,
        arrows.map { KeyChord($0) } + "hkjl".map { KeyChord.character($0) }, keys: "←↑↓→ hkjl",
        help: "move \(what)", mouse: mouse, action: .pan(.normal)),
      Binding(
        "\(name)-move-far", in: context,
        arrows.map { KeyChord($0, .shift) } + "HKJL".map { KeyChord.character($0) },
        keys: "shift-←↑↓→ HKJL", help: "move it far", action: .pan(.coarse)),
      Binding(
        "\(name)-move-little", in: context, arrows.map { KeyChord($0, .control) },
        keys: "ctrl-←↑↓→", help: "move it a little", action: .pan(.fine)),
    ]
  }
}

extension KeyChord {
  /// Where an arrow, or the letter in its place, points: right and down.
  var direction: (right: Double, down: Double)? {
    switch key {
    case .left, .character("h"), .character("H"): (-1, 0)
    case .right, .character("l"), .character("L"): (1, 0)
    case .up, .character("k"), .character("K"): (0, -1)
    case .down, .character("j"), .character("J"): (0, 1)
    default: nil
    }
  }
}
