import StyleGAN
package import TUI

/// Where things are for this state: what `view` draws and what the mouse hits come from the same
/// rectangles.
extension State {
  package var page: PageLayout? {
    PageLayout(
      screen: screen, resolution: model.configuration.resolution,
      isSideBySide: pictures.comparison.isSideBySide)
  }

  package func panelLayout(_ page: PageLayout) -> PanelLayout {
    PanelLayout(page.panel, state: self)
  }

  /// Columns that the names of the sliders would like.
  var nameColumns: Int {
    panel.sliders.reduce(0) { max($0, $1.name.columns) }
  }

  func sliderLayout(_ id: SliderID, in rect: Rect) -> FieldLayout {
    .slider(id, in: rect, nameColumns: nameColumns)
  }

  /// The hints of the footer that belong to the keys of the moment.
  var hints: [(hint: HintLine.Hint, action: Action)] {
    let bindings = EditorKeys.table.hints(in: contexts).filter { isPossible($0.action) }
    // Help first, so that no width hides it; then what belongs to the focus.
    let first = bindings.filter { $0.action == .help }
    return (first + bindings.filter { $0.action != .help }).map { binding in
      let key = binding.keys.split(separator: " ").first.map(String.init) ?? binding.keys
      return (HintLine.Hint(key: key, text: binding.hint ?? ""), binding.action)
    }
  }

  /// Whether a key of the photo page does anything now: others only crowd the footer.
  private func isPossible(_ action: Action) -> Bool {
    guard photo.isOpen, mode == .page else { return true }
    guard let projection = photo.projection else {
      switch action {
      case .nextFace: return photo.foundCrops.count > 1
      case .accept, .markFace: return photo.photo != nil
      case .reset: return photo.isTouched
      case .takeMarkBack: return photo.marking?.places.isEmpty == false
      default: return true
      }
    }
    switch action {
    case .accept, .usePartner: return projection.best != nil
    case .pause: return projection.stage == .running || projection.stage == .paused
    case .stopFinding: return projection.isUnderWay
    case .refine: return projection.canRefine
    case .backToSquare: return !projection.isUnderWay
    default: return true
    }
  }

  /// Everything the mouse can hit, in front first.
  package var regions: [Region] {
    guard let page else { return [] }
    var regions: [Region] = []
    if let popup = popupLayout(page) { regions += popup.regions }
    if notice == nil, loading != nil, mode == .page {
      regions.append(Region(page.footer, .hint(.stopLoading)))
    } else if notice == nil {
      let hints = hints
      for (index, rect) in HintLine(hints.map(\.hint)).layout(in: page.footer) {
        regions.append(Region(rect, .hint(hints[index].action)))
      }
    }
    if case .help = mode { return regions }
    if film.isOpen {
      let layout = filmLayout(page)
      return regions + layout.slots.map { Region($0.rect, .keyframe($0.index)) }
        + [Region(layout.picture, .picture)]
    }
    if photo.isOpen { return regions + photoRegions(page) }
    regions += page.pictures.filter { !$0.isEmpty }.map { Region($0, .picture) }
    let layout = panelLayout(page)
    for (line, rect) in layout.visible {
      regions += self.regions(of: line, in: rect, isNarrow: layout.isNarrow)
    }
    return regions
  }

  /// What lies under a cell.
  package func target(at point: Point) -> (target: Region.Target, rect: Rect)? {
    if let hit = regions.first(where: { $0.rect.contains(point) }) {
      return (hit.target, hit.rect)
    }
    if let page, !film.isOpen, !photo.isOpen, panelLayout(page).list.contains(point) {
      return (.list, panelLayout(page).list)
    }
    return nil
  }

  private func regions(of line: PanelLine, in rect: Rect, isNarrow: Bool) -> [Region] {
    switch line {
    case .heading(let section): return [Region(rect, .heading(section))]
    case .slider(let id): return regions(of: sliderLayout(id, in: rect))
    case .fields(_, let controls):
      return FieldLayout.fields(controls, in: rect, isNarrow: isNarrow).flatMap {
        regions(of: $0)
      }
    case .mixBar:
      return [Region(MixBarLayout(rect, mix: mix, isNarrow: isNarrow).bar, .mixBar)]
    case .history:
      var left = rect
      let right = left.takeRight(min(6, rect.size.columns / 3))
      return [Region(left, .history), Region(right, .bookmarks)]
    case .note: return []
    }
  }

  private func regions(of field: FieldLayout) -> [Region] {
    var regions = [Region(field.mark, .control(field.control))]
    if !field.name.isEmpty { regions.append(Region(field.name, .control(field.control))) }
    if let track = field.track, !track.isEmpty {
      // The free cell at either end belongs to it: ends are hard to hit.
      var wide = track
      wide.origin.column -= 1
      wide.size.columns += 2
      regions.append(Region(wide, .track(field.control)))
    }
    regions.append(Region(field.value, .control(field.control)))
    if let range = field.range, case .slider(let id) = field.control {
      regions.append(Region(range, .range(id)))
    }
    return regions
  }

  /// The track of a control, while it is on the screen.
  func track(of control: Control) -> Rect? {
    guard let page else { return nil }
    let layout = panelLayout(page)
    for (line, rect) in layout.visible where line.controls.contains(control) {
      switch line {
      case .slider(let id): return sliderLayout(id, in: rect).track
      case .fields(_, let controls):
        return FieldLayout.fields(controls, in: rect, isNarrow: layout.isNarrow)
          .first { $0.control == control }?.track
      case .heading, .mixBar, .history, .note: return nil
      }
    }
    return nil
  }
}
