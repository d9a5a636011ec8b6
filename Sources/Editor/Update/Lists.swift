import Latents
import TUI

/// The history and the presets as lists, and the help page.
extension State {
  /// Lines that a page key moves by in a list.
  var screenful: Int { max(1, screen.size.rows - 6) }

  // MARK: History

  mutating func performInHistory(_ list: HistoryList, _ action: Action) -> [Command] {
    let index = document.history.index
    switch action {
    case .accept: mode = .page
    case .cancel:
      mode = .page
      if index != list.entered { return move(toStep: list.entered) }
    default: break
    }
    let line = action.line(
      from: index, count: document.history.steps.count, screenful: screenful)
    return line.map { show(step: $0) } ?? []
  }

  mutating func show(step: Int) -> [Command] {
    let step = min(max(step, 0), document.history.steps.count - 1)
    return step == document.history.index ? [] : move(toStep: step)
  }

  // MARK: Presets

  mutating func showPresets(_ entries: [PresetEntry]) -> [Command] {
    guard !entries.isEmpty else {
      mode = .page
      notice = .information("no presets yet: s saves the first")
      return []
    }
    var list = PresetList(entries)
    if case .presets(let old) = mode { list.selected = min(old.selected, entries.count - 1) }
    if let index = entries.firstIndex(where: { $0.name == document.presetName }) {
      list.selected = index
    }
    mode = .presets(list)
    return []
  }

  mutating func performInPresets(_ list: PresetList, _ action: Action) -> [Command] {
    var list = list
    let entry = list.entries[list.selected]
    switch action {
    case .cancel: mode = .page
    case .accept:
      mode = .page
      return [.loadPreset(name: entry.name)]
    case .usePartner:
      mode = .page
      return [.loadPartner(name: entry.name)]
    case .renamePreset where !entry.isBuiltIn:
      mode = .prompt(Prompt(.rename(entry.name), text: entry.name))
    case .deletePreset where !entry.isBuiltIn:
      mode = .confirm(Confirmation(purpose: .delete(entry.name)))
    case .renamePreset, .deletePreset:
      notice = .information("“\(entry.name)” comes with the program")
    default: break
    }
    if let line = action.line(
      from: list.selected, count: list.entries.count, screenful: screenful)
    {
      list.select(line)
    }
    if case .presets = mode, action != .cancel { mode = .presets(list) }
    return []
  }

  /// A preset's recipe, once read.
  mutating func load(
    _ recipe: Recipe, named name: String, projection: JSONDocument? = nil
  ) -> [Command] {
    let known = Set(panel.sliders.map(\.name))
    let unknown = recipe.edits.map(\.direction).filter { !known.contains($0) }
    if let first = unknown.first {
      if panel.discovery == .waiting || panel.discovery == .running {
        panel.waitingPreset = name
        notice = .information("“\(name)” opens as soon as the components are found")
      } else {
        notice = .error("“\(name)” uses a direction that \(model.name) lacks: “\(first)”")
      }
      return []
    }
    let commands = step(
      recipe, label: "preset \(name)", isStart: true, projection: projection)
    document.presetName = name
    document.saved = recipe
    mix.partnerName = nil
    notice = .information("“\(name)”")
    return commands
  }

  // MARK: Help

  mutating func performInHelp(_ offset: Int, _ action: Action) -> [Command] {
    guard let page else {
      mode = .page
      return []
    }
    let screenful = max(1, page.helpArea.size.rows - 1)
    let distance: Int
    switch action {
    case .cancel:
      mode = .page
      return []
    case .lineUp: distance = -1
    case .lineDown: distance = 1
    case .linesUp: distance = -screenful
    case .linesDown: distance = screenful
    default: distance = 0
    }
    let help = HelpLayout(page.helpArea, reasons: screen.reasons)
    mode = .help(
      offset: ListWindow(count: help.rowCount, height: help.area.size.rows, offset: offset)
        .scrolled(by: distance).offset)
    return []
  }
}

extension PresetList {
  package mutating func select(_ index: Int) {
    selected = min(max(index, 0), entries.count - 1)
  }
}
