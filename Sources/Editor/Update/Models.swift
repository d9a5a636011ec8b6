import TUI

/// The list of models, and a model being loaded.
extension State {
  mutating func showModels(_ entries: [ModelListing]) {
    // It may come late: what was begun meanwhile is not interrupted.
    guard mode == .page, !entries.isEmpty else { return }
    closeGesture()
    var list = ModelList(entries)
    list.select(entries.firstIndex { $0.id == model.id } ?? 0)
    mode = .models(list)
  }

  mutating func performInModels(_ list: ModelList, _ action: Action) -> [Command] {
    var list = list
    switch action {
    case .cancel:
      mode = .page
      return []
    case .accept: return choose(list.entries[list.selected])
    default: break
    }
    if let line = action.line(
      from: list.selected, count: list.entries.count, screenful: screenful)
    {
      list.select(line)
    }
    mode = .models(list)
    return []
  }

  private mutating func choose(_ listing: ModelListing) -> [Command] {
    if let problem = listing.problem {
      notice = .error("“\(listing.name)” cannot be used: \(problem)")
      return []
    }
    mode = .page
    guard listing.id != model.id else {
      notice = .information("“\(listing.name)” is the model in use")
      return []
    }
    loading = ModelLoad(listing: listing, progress: "opening the file")
    return [.loadModel(listing)]
  }

  mutating func stopLoading() -> [Command] {
    guard let stopped = loading else { return [] }
    loading = nil
    notice = .information("“\(stopped.listing.name)” is not loaded")
    return [.stopLoadingModel]
  }

  /// After another model was in use: the picture is made again.
  mutating func comeBack(_ traits: TerminalTraits) -> [Command] {
    screen = traits
    // The search for components ended with the model it looked at.
    if panel.discovery == .running { panel.discovery = .waiting }
    revealFocus()
    return requestPicture(isMoving: false) + comeBackToPhoto()
  }

  /// Whether another model may take over the page now.
  var canBeLeft: Bool {
    mode == .page && !film.isOpen && !photo.isOpen && gesture?.isDrag != true
  }
}
