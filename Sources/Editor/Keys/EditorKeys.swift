package import TUI

/// Every key of the editor. The help page, the footer and README's tables are made from this.
package enum EditorKeys {
  package typealias Binding = KeyBinding<Context, Action>

  package static let table = KeyTable(
    page + value + slider + mix + mixRow + entry + lists + FilmKeys.bindings + PhotoKeys.bindings)

  /// README's tables.
  package static var markdown: String {
    table.markdown(contexts: Context.allCases.map { ($0, $0.title) })
  }

  private static let page: [Binding] = [
    Binding(
      "help", in: .page, [.character("?"), KeyChord(.function(1))], help: "all keys",
      hint: "help", mouse: "click the hint", action: .help),
    Binding(
      "new-face", in: .page, [.character("r")], help: "a new face from a random seed",
      hint: "new face", mouse: "click the hint", action: .newFace),
    Binding(
      "mix", in: .page, [.character("m")], help: "go to the mix", hint: "mix",
      mouse: "click the hint", action: .focusMix),
    Binding(
      "photo", in: .page, [.character("p")], help: "the photo page: find a photo's face",
      hint: "photo", mouse: "click the hint", action: .openPhoto),
    Binding(
      "film", in: .page, [.character("v")], help: "the film page: from face to face", hint: "video",
      mouse: "click the hint", action: .openFilm),
    Binding(
      "save", in: .page, [.character("s")], help: "save as a preset", hint: "save",
      mouse: "click the hint", action: .save),
    Binding(
      "undo", in: .page, [.character("u")], help: "undo", hint: "undo",
      mouse: "click the hint", action: .undo),
    Binding(
      "redo", in: .page, [.character("U"), .control("r")], help: "redo", action: .redo),
    Binding(
      "quit", in: .page, [.character("q"), .control("c")], help: "quit; unsaved steps are kept",
      hint: "quit", mouse: "click the hint", action: .quit),
    Binding(
      "open", in: .page, [.character("o")], help: "presets: load, rename, delete, mix",
      hint: "open", mouse: "click the hint", action: .open),
    Binding(
      "type-seed", in: .page, [.character("n")], help: "a new face from a seed you type",
      hint: "seed", mouse: "click the hint", action: .typeSeed),
    Binding(
      "flip", in: .page, [.character(" ")],
      help: "show the start, and back", hint: "start", mouse: "hold on the picture", action: .flip),
    Binding(
      "models", in: .page, [.character("M")], help: "the models: switch to another",
      hint: "models", mouse: "click the hint", action: .models),
    Binding(
      "up", in: .page, [KeyChord(.up), .character("k")], help: "the control above",
      mouse: "wheel on the names", action: .focusPrevious),
    Binding(
      "down", in: .page, [KeyChord(.down), .character("j")], help: "the control below",
      mouse: "click it", action: .focusNext),
    Binding(
      "section-next", in: .page, [KeyChord(.tab)], help: "the next section",
      action: .sectionNext),
    Binding(
      "section-previous", in: .page, [KeyChord(.tab, .shift)], help: "the section before",
      action: .sectionPrevious),
    Binding(
      "page-down", in: .page, [KeyChord(.pageDown)], help: "a screenful down", action: .pageDown),
    Binding("page-up", in: .page, [KeyChord(.pageUp)], help: "a screenful up", action: .pageUp),
    Binding("first", in: .page, [KeyChord(.home)], help: "the first control", action: .first),
    Binding("last", in: .page, [KeyChord(.end)], help: "the last control", action: .last),
    Binding(
      "less", in: .page, [KeyChord(.left), .character("h")], help: "less",
      mouse: "drag, wheel", action: .less(.normal)),
    Binding(
      "more", in: .page, [KeyChord(.right), .character("l")], help: "more",
      mouse: "drag, wheel", action: .more(.normal)),
    Binding(
      "less-coarse", in: .page, [KeyChord(.left, .shift), .character("H")], help: "much less",
      mouse: "shift-wheel", action: .less(.coarse)),
    Binding(
      "more-coarse", in: .page, [KeyChord(.right, .shift), .character("L")], help: "much more",
      mouse: "shift-wheel", action: .more(.coarse)),
    Binding(
      "less-fine", in: .page, [KeyChord(.left, .control), .character("{")],
      help: "a little less", mouse: "ctrl-wheel", action: .less(.fine)),
    Binding(
      "more-fine", in: .page, [KeyChord(.right, .control), .character("}")],
      help: "a little more", mouse: "ctrl-wheel", action: .more(.fine)),
    Binding(
      "edit-value", in: .page, [KeyChord(.enter)], help: "type the value in a prompt",
      action: .editValue),
    Binding(
      "find", in: .page, [.character("/")], help: "find sliders by name",
      mouse: "click the heading", action: .find),
    Binding(
      "edited-only", in: .page, [.character("E")], help: "only the sliders that were moved",
      mouse: "click the heading", action: .editedOnly),
    Binding(
      "next-seed", in: .page, [.character("]")], help: "the next seed, keeping the edits",
      action: .nextSeed),
    Binding(
      "previous-seed", in: .page, [.character("[")], help: "the seed before, keeping the edits",
      action: .previousSeed),
    Binding(
      "clear", in: .page, [.character("x")], help: "take away all edits and the mix",
      action: .clearEdits),
    Binding(
      "side-by-side", in: .page, [.character("c")],
      help: "the start beside the picture; again: face B; again: neither", action: .sideBySide),
    Binding(
      "bookmark", in: .page, [.character("*"), .character("b")],
      help: "set or remove a bookmark ★", mouse: "click the ★", action: .bookmark),
    Binding(
      "next-bookmark", in: .page, [.character("f")], help: "flip through the bookmarks",
      action: .nextBookmark),
    Binding(
      "history", in: .page, [.character("y")], help: "the list of steps", mouse: "click the line",
      action: .history),
    Binding(
      "restore", in: .page, [.character("R")],
      help: "bring back an earlier session, when one is offered", action: .restoreSession),
    Binding(
      "stop-loading", in: .page, [KeyChord(.escape)], help: "stop loading a model",
      mouse: "click the last line", action: .stopLoading),
  ]

  private static let digits: [KeyChord] =
    "123456789-+.,".map { KeyChord.character($0) }

  private static let value: [Binding] = [
    Binding(
      "type", in: .value, digits, keys: "1…9 - .", help: "type a value; it takes effect at once",
      action: .typeDigit),
    Binding(
      "erase", in: .value, [KeyChord(.backspace)], help: "take the last digit back",
      action: .eraseDigit),
    Binding(
      "reset", in: .value, [.character("0"), KeyChord(.delete)], help: "reset",
      mouse: "double click", action: .reset),
  ]

  private static let slider: [Binding] = [
    Binding(
      "cycle-range", in: .slider, [.character("g")],
      help: "the next layer range: all, coarse, middle, fine", hint: "range",
      mouse: "click the range", action: .cycleRange),
    Binding(
      "type-range", in: .slider, [.character("G")], help: "type a layer range, as 2-5",
      action: .typeRange),
  ]

  private static let mix: [Binding] = [
    Binding(
      "mix-coarse", in: .mix, [.character("1")], help: "B gives the coarse rows: pose, shape",
      hint: "coarse", action: .mixPreset(0)),
    Binding(
      "mix-middle", in: .mix, [.character("2")], help: "B gives the middle rows: features",
      hint: "middle", action: .mixPreset(1)),
    Binding(
      "mix-fine", in: .mix, [.character("3")], help: "B gives the fine rows: colours",
      hint: "fine", action: .mixPreset(2)),
    Binding(
      "segment-1", in: .mix, [.character("4")], help: "first segment to the other face",
      mouse: "click the segment", action: .toggleSegment(0)),
    Binding(
      "segment-2", in: .mix, [.character("5")], help: "second segment to the other face",
      mouse: "click the segment", action: .toggleSegment(1)),
    Binding(
      "segment-3", in: .mix, [.character("6")], help: "third segment to the other face",
      mouse: "click the segment", action: .toggleSegment(2)),
    Binding(
      "mix-row", in: .mix, [.character("w")], help: "set the weight of single rows",
      hint: "rows", action: .focusRow),
    Binding(
      "mix-reset", in: .mix, [.character("0"), KeyChord(.delete)],
      help: "reset: no mix, the usual borders, full weight", mouse: "double click",
      action: .reset),
  ]

  private static let mixRow: [Binding] = [
    Binding(
      "row-before", in: .mixRow, [.character("<")], help: "the row before", hint: "row before",
      mouse: "click a row", action: .rowBefore),
    Binding(
      "row-after", in: .mixRow, [.character(">")], help: "the row after", hint: "row after",
      mouse: "click a row", action: .rowAfter),
    Binding(
      "row-done", in: .mixRow, [.character("w"), KeyChord(.escape)], help: "back to the bar",
      hint: "bar", action: .focusRow),
  ]

  private static let entry: [Binding] = [
    Binding(
      "find-accept", in: .find, [KeyChord(.enter), KeyChord(.down), KeyChord(.tab)],
      help: "go to the sliders found", hint: "go", action: .accept),
    Binding(
      "find-cancel", in: .find, [KeyChord(.escape), .control("c")], help: "show all again",
      hint: "all", action: .cancel),
    Binding(
      "prompt-accept", in: .prompt, [KeyChord(.enter)], help: "accept", hint: "ok",
      action: .accept),
    Binding(
      "prompt-complete", in: .prompt, [KeyChord(.tab)], help: "complete a path",
      action: .complete),
    Binding(
      "prompt-cancel", in: .prompt, [KeyChord(.escape), .control("c")], help: "cancel",
      hint: "cancel", mouse: "click outside", action: .cancel),
    Binding(
      "confirm-yes", in: .confirm, [.character("y"), KeyChord(.enter)], help: "yes", hint: "yes",
      mouse: "click the hint", action: .accept),
    Binding(
      "confirm-no", in: .confirm, [.character("n"), KeyChord(.escape), .control("c")], help: "no",
      hint: "no", mouse: "click the hint", action: .cancel),
  ]

  private static let lists: [Binding] = [
    Binding(
      "list-accept", in: .list, [KeyChord(.enter)], help: "take it", hint: "ok",
      mouse: "double click", action: .accept),
    Binding(
      "list-cancel", in: .list, [KeyChord(.escape), .character("q"), .control("c")],
      help: "leave the list", hint: "back", mouse: "click outside", action: .cancel),
    Binding(
      "list-up", in: .list, [KeyChord(.up), .character("k")], help: "up", mouse: "wheel",
      action: .lineUp),
    Binding(
      "list-down", in: .list, [KeyChord(.down), .character("j")], help: "down",
      mouse: "click, wheel",
      action: .lineDown),
    Binding(
      "list-page-up", in: .list, [KeyChord(.pageUp)], help: "a screenful up", action: .linesUp),
    Binding(
      "list-page-down", in: .list, [KeyChord(.pageDown)], help: "a screenful down",
      action: .linesDown),
    Binding("list-first", in: .list, [KeyChord(.home)], help: "the first", action: .lineFirst),
    Binding("list-last", in: .list, [KeyChord(.end)], help: "the last", action: .lineLast),
    Binding(
      "preset-partner", in: .presets, [.character("b")], help: "use as face B of the mix",
      hint: "face B", action: .usePartner),
    Binding(
      "preset-rename", in: .presets, [.character("r")], help: "rename", hint: "rename",
      action: .renamePreset),
    Binding(
      "preset-delete", in: .presets, [.character("d"), KeyChord(.delete)], help: "delete",
      hint: "delete", action: .deletePreset),
    Binding(
      "help-close", in: .help,
      [.character("?"), KeyChord(.escape), .character("q"), KeyChord(.enter), .control("c")],
      keys: "? esc q",
      help: "back to the page", hint: "back", mouse: "click", action: .cancel),
    Binding(
      "help-up", in: .help, [KeyChord(.up), .character("k")], help: "up", mouse: "wheel",
      action: .lineUp),
    Binding(
      "help-down", in: .help, [KeyChord(.down), .character("j")], help: "down", hint: "more",
      mouse: "wheel", action: .lineDown),
    Binding(
      "help-page-up", in: .help, [KeyChord(.pageUp)], help: "a screenful up", action: .linesUp),
    Binding(
      "help-page-down", in: .help, [KeyChord(.pageDown), .character(" ")],
      help: "a screenful down", action: .linesDown),
  ]
}

extension State {
  /// The contexts of the next key, innermost first.
  package var contexts: [Context] {
    switch mode {
    case .page:
      if film.isOpen { return [.film] }
      if photo.isOpen {
        return photo.marking != nil
          ? [.marking] : photo.projection != nil ? [.projection] : [.photo]
      }
      var contexts: [Context] = []
      if case .mixRow = panel.focus {
        contexts.append(.mixRow)
      } else if panel.focus.isMix {
        contexts.append(.mix)
      }
      if panel.focus.takesDigits { contexts.append(.value) }
      if case .slider = panel.focus { contexts.append(.slider) }
      return contexts + [.page]
    case .find: return [.find]
    case .prompt: return [.prompt]
    case .confirm: return [.confirm]
    case .history: return [.list]
    case .presets: return [.list, .presets]
    case .models, .filmSources: return [.list]
    case .help: return [.help]
    }
  }
}
