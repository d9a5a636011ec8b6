import TUI

/// Which control has the focus, and that it can be seen.
extension State {
  mutating func moveFocus(by distance: Int) {
    guard let page else { return }
    let controls = panelLayout(page).controls
    guard !controls.isEmpty else { return }
    let index = controls.firstIndex(of: panel.focus.anchor) ?? (distance > 0 ? -1 : controls.count)
    panel.focus = controls[min(max(index + distance, 0), controls.count - 1)]
    revealFocus()
  }

  mutating func moveSection(by distance: Int) {
    guard let page else { return }
    let controls = panelLayout(page).controls
    let sections = Section.allCases.filter { section in
      controls.contains { self.section(of: $0) == section }
    }
    guard let index = sections.firstIndex(of: section(of: panel.focus)) ?? sections.indices.first
    else { return }
    let next = sections[(index + distance + sections.count) % sections.count]
    if let first = controls.first(where: { section(of: $0) == next }) { panel.focus = first }
    revealFocus()
  }

  var pageStep: Int {
    page.map { max(1, panelLayout($0).list.size.rows - 2) } ?? 1
  }

  /// Scrolls so that the focus is in view.
  mutating func revealFocus() {
    guard let page else { return }
    panel.offset = panelLayout(page).offset(revealing: panel.focus.anchor)
  }

  mutating func scrollPanel(by lines: Int) {
    guard let page else { return }
    panel.offset = panelLayout(page).window.scrolled(by: lines).offset
  }

  /// Shows only the sliders whose names contain `text`, and goes to the first of them.
  mutating func filter(_ text: String) {
    panel.filter = text
    panel.offset = 0
    let sliders = sliders(in: .attributes) + sliders(in: .components)
    if case .slider(let id) = panel.focus, sliders.contains(id) {
      revealFocus()
    } else if let first = sliders.first {
      panel.focus = .slider(first)
    }
  }

  mutating func performInFind(_ action: Action) -> [Command] {
    switch action {
    case .accept: mode = .page
    case .cancel:
      mode = .page
      filter("")
    default: break
    }
    revealFocus()
    return []
  }
}
