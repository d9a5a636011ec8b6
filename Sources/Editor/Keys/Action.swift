/// What a key or a click asks for.
package enum Action: Hashable, Sendable {
  case focusNext, focusPrevious, sectionNext, sectionPrevious, pageDown, pageUp, first, last
  case less(Step)
  case more(Step)
  case typeDigit, eraseDigit, reset, editValue
  case cycleRange, typeRange
  case find, editedOnly
  case newFace, typeSeed, nextSeed, previousSeed, clearEdits
  case focusMix, focusRow, rowBefore, rowAfter
  case mixPreset(Int)
  case toggleSegment(Int)
  case flip, sideBySide, bookmark, nextBookmark
  case undo, redo, history, restoreSession
  case save, open, models, stopLoading
  case help, quit
  case openFilm, frameEarlier, frameLater, removeFrame, addFace, addSources
  case longer, shorter, holdLonger, holdShorter
  case cycleInterpolation, toggleLoop, toggleEvenSpeed, play
  case makeFilm, stopMaking, saveTimeline, openTimeline
  case openPhoto, openFile, nextFace, nextDistance, markFace, centreSquare
  /// Moves the square, or the mark, the way the key says.
  case pan(Step)
  /// Closer where positive.
  case zoom(Int, Step)
  /// Clockwise where positive.
  case turn(Int, Step)
  case takeMarkBack
  case pause, stopFinding, refine, backToSquare
  /// In lists, prompts and questions.
  case accept, cancel, lineUp, lineDown, linesUp, linesDown, lineFirst, lineLast
  /// In prompts for paths.
  case complete
  case usePartner, renamePreset, deletePreset
}

/// Where a key means something.
package enum Context: Hashable, Sendable, CaseIterable {
  /// The page, whatever has the focus.
  case page
  /// A control that holds a number.
  case value
  /// A slider.
  case slider
  /// The mix bar, face B and its weight.
  case mix
  /// One row of the mix bar.
  case mixRow
  case find
  case prompt
  case confirm
  case list
  case presets
  /// The film page.
  case film
  /// The photo page, its square.
  case photo
  /// While marks are set in the photo.
  case marking
  /// While the photo is searched for, and once it is found.
  case projection
  case help

  package var title: String {
    switch self {
    case .page: "anywhere on the page"
    case .value: "on a number"
    case .slider: "on a slider"
    case .mix: "on the mix"
    case .mixRow: "on a row of the mix"
    case .find: "while finding"
    case .prompt: "in a prompt"
    case .confirm: "at a question"
    case .list: "in a list"
    case .presets: "in the presets"
    case .film: "on the film page"
    case .photo: "on the photo page"
    case .marking: "while marking a face"
    case .projection: "while a photo is found"
    case .help: "on this page"
    }
  }
}

extension Action {
  /// Where moving in a list of so many lines leads from the chosen one; nil for anything else.
  func line(from selected: Int, count: Int, screenful: Int) -> Int? {
    let line: Int
    switch self {
    case .lineUp: line = selected - 1
    case .lineDown: line = selected + 1
    case .linesUp: line = selected - screenful
    case .linesDown: line = selected + screenful
    case .lineFirst: line = 0
    case .lineLast: line = count - 1
    default: return nil
    }
    return min(max(line, 0), max(0, count - 1))
  }
}
