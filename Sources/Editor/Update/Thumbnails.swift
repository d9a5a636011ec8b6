import Latents

/// The small picture of the preset chosen in the list.
extension State {
  /// Asks for the picture of the chosen preset when it is another one than before, and forgets it
  /// when the list is left.
  mutating func thumbnailCommands() -> [Command] {
    guard case .presets(var list) = mode, let page, popupLayout(page)?.thumbnail != nil else {
      pictures.thumbnail = nil
      pictures.lastThumbnailRequest = 0
      return []
    }
    let entry = list.entries[list.selected]
    guard list.pictured != entry.name else { return [] }
    list.pictured = entry.name
    mode = .presets(list)
    // Where the next comes soon the last one may stay till then, instead of a flicker.
    let isQuick = pictures.thumbnail.map { $0.report.seconds < 0.1 } ?? false
    if !entry.isUsable || !isQuick { pictures.thumbnail = nil }
    pictures.lastThumbnailRequest = 0
    return entry.isUsable ? [.loadThumbnail(name: entry.name)] : []
  }

  mutating func requestThumbnail(_ recipe: Recipe, named name: String) -> [Command] {
    guard case .presets(let list) = mode, list.pictured == name else { return [] }
    pictures.lastRequest += 1
    pictures.lastThumbnailRequest = pictures.lastRequest
    return [
      .render(
        RenderRequest(
          number: pictures.lastRequest, subject: .thumbnail, recipe: recipe, isMoving: false))
    ]
  }
}
