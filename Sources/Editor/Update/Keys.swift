import Latents
import TUI

/// Keys, by mode and key table.
extension State {
  mutating func receive(_ chord: KeyChord, time: Double) -> [Command] {
    // Shift is part of a typed character already.
    var chord = chord
    if case .character = chord.key { chord.modifiers.remove(.shift) }
    if chord.modifiers.contains(.alt) {
      // Escape and a key typed fast, or held up together on the way, arrive as one with alt.
      chord.modifiers.remove(.alt)
      return receive(KeyChord(.escape), time: time) + receive(chord, time: time)
    }
    if let action = EditorKeys.table.action(for: chord, in: contexts) {
      return perform(action, chord: chord, time: time)
    }
    switch mode {
    case .prompt(var prompt):
      if prompt.field.receive(chord.key, chord.modifiers) {
        prompt.complaint = nil
        prompt.candidates = []
        mode = .prompt(prompt)
      }
    case .find(var field):
      if field.receive(chord.key, chord.modifiers) {
        mode = .find(field)
        filter(field.text)
      }
    case .page, .confirm, .history, .presets, .models, .filmSources, .help: break
    }
    return []
  }

  mutating func paste(_ text: String) -> [Command] {
    switch mode {
    case .prompt(var prompt):
      prompt.field.insert(text.prefix(200))
      mode = .prompt(prompt)
    case .find(var field):
      field.insert(text.prefix(200))
      mode = .find(field)
      filter(field.text)
    case .page, .confirm, .history, .presets, .models, .filmSources, .help: break
    }
    return []
  }

  mutating func perform(_ action: Action, chord: KeyChord?, time: Double) -> [Command] {
    switch mode {
    case .page where film.isOpen: performOnFilm(action)
    case .page where photo.isOpen: performOnPhoto(action, chord: chord)
    case .page: performOnPage(action, chord: chord, time: time)
    case .find: performInFind(action)
    case .prompt(let prompt): performInPrompt(prompt, action, time: time)
    case .confirm(let confirmation): performInConfirmation(confirmation, action)
    case .history(let list): performInHistory(list, action)
    case .presets(let list): performInPresets(list, action)
    case .models(let list): performInModels(list, action)
    case .filmSources(let list): performInFilmSources(list, action)
    case .help(let offset): performInHelp(offset, action)
    }
  }

  private mutating func performOnPage(
    _ action: Action, chord: KeyChord?, time: Double
  ) -> [Command] {
    if action != .typeDigit, action != .eraseDigit, action != .reset { panel.typed = nil }
    switch action {
    case .focusNext: moveFocus(by: 1)
    case .focusPrevious: moveFocus(by: -1)
    case .sectionNext: moveSection(by: 1)
    case .sectionPrevious: moveSection(by: -1)
    case .pageDown: moveFocus(by: pageStep)
    case .pageUp: moveFocus(by: -pageStep)
    case .first: moveFocus(by: -.max / 2)
    case .last: moveFocus(by: .max / 2)
    case .focusMix:
      panel.focus = panel.focus.isMix ? .mixFace : .mixBorder(0)
      revealFocus()
    case .less(let step): return adjust(panel.focus, by: step, sign: -1, time: time)
    case .more(let step): return adjust(panel.focus, by: step, sign: 1, time: time)
    case .typeDigit:
      guard case .character(let character)? = chord?.key else { return [] }
      return type(character, time: time)
    case .eraseDigit: return eraseDigit(time: time)
    case .reset: return resetOrZero(time: time)
    case .editValue: editValue()
    case .cycleRange:
      guard case .slider(let id) = panel.focus else { return [] }
      return cycleRange(of: id, time: time)
    case .typeRange:
      guard case .slider(let id) = panel.focus else { return [] }
      mode = .prompt(Prompt(.range(id), text: layerRange(of: id).description))
    case .find:
      panel.showsEditedOnly = false
      mode = .find(TextField(panel.filter))
    case .editedOnly:
      panel.showsEditedOnly.toggle()
      filter("")
    case .newFace: return [.drawSeed]
    case .typeSeed: mode = .prompt(Prompt(.seed))
    case .nextSeed: return walkSeed(by: 1, time: time)
    case .previousSeed: return walkSeed(by: -1, time: time)
    case .clearEdits: return clearEdits()
    case .focusRow: focusRow()
    case .rowBefore: selectRow(by: -1)
    case .rowAfter: selectRow(by: 1)
    case .mixPreset(let segment): return chooseMixPreset(segment)
    case .toggleSegment(let segment): return toggleSegment(segment)
    case .flip: return flip()
    case .sideBySide: return nextComparison()
    case .bookmark: toggleBookmark()
    case .nextBookmark: return nextBookmark(time: time)
    case .undo: return undo()
    case .redo: return redo()
    case .history:
      closeGesture()
      mode = .history(HistoryList(entered: document.history.index))
    case .restoreSession:
      guard document.recoverableSteps != nil else {
        notice = .information("there is no earlier session to bring back")
        return []
      }
      return [.restoreSession]
    case .save:
      closeGesture()
      mode = .prompt(Prompt(.save, text: document.presetName ?? ""))
    case .open: return [.listPresets]
    case .models: return [.listModels]
    case .stopLoading: return stopLoading()
    case .help: mode = .help(offset: 0)
    case .openFilm: return openFilm()
    case .quit: return finish()
    case .openPhoto: return openPhotoPage()
    // Of lists, prompts and the other pages.
    default: break
    }
    return []
  }

  /// 0 resets, unless it continues a number.
  private mutating func resetOrZero(time: Double) -> [Command] {
    if panel.focus.takesDigits {
      if let typed = panel.typed, time - typed.time < TypedNumber.patience {
        return type("0", time: time)
      }
      let commands = reset(panel.focus, time: time)
      panel.typed = TypedNumber(text: "0", time: time)
      return commands
    }
    return reset(panel.focus, time: time)
  }

  private mutating func editValue() {
    switch panel.focus {
    case .mixFace: mode = .prompt(Prompt(.partnerSeed))
    case .noiseMode: break
    case .slider, .mixBorder, .mixRow, .mixWeight, .psi, .cutoff, .classIndex, .noiseSeed:
      mode = .prompt(Prompt(.value(panel.focus)))
    }
  }

  private mutating func toggleBookmark() {
    closeGesture()
    document.toggleBookmark()
    let isSet = document.bookmarks.contains(recipe)
    notice = .information(
      isSet
        ? "bookmark \(document.bookmarks.count) set; f flips through them" : "bookmark removed")
  }
}
