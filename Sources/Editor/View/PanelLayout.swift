package import TUI

/// The panel's lines and where they are: sliders scroll, the other controls stay below them; in a
/// panel too low or too narrow for that everything scrolls together.
package struct PanelLayout: Hashable, Sendable {
  /// Narrower panels give every control a line of its own and hide layer ranges.
  static let narrow = 34

  package let rect: Rect
  package let isNarrow: Bool
  package let scrolling: [PanelLine]
  package let window: ListWindow
  package let list: Rect
  package let rule: Rect?
  package let pinned: [(line: PanelLine, rect: Rect)]

  package init(_ rect: Rect, state: State) {
    self.rect = rect
    isNarrow = rect.size.columns < PanelLayout.narrow
    let controls = state.controlLines(isNarrow: isNarrow)
    var list = rect
    if !isNarrow && rect.size.rows >= controls.count + 9 {
      var below = list.takeBottom(controls.count)
      rule = list.takeBottom(1)
      pinned = controls.map { ($0, below.takeTop(1)) }
      scrolling = state.sliderLines
    } else {
      rule = nil
      pinned = []
      scrolling = state.sliderLines + controls
    }
    self.list = list
    window = ListWindow(
      count: scrolling.count, height: list.size.rows, offset: state.panel.offset)
  }

  package static func == (a: PanelLayout, b: PanelLayout) -> Bool {
    a.rect == b.rect && a.scrolling == b.scrolling && a.window == b.window
      && a.pinned.map(\.rect) == b.pinned.map(\.rect)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(rect)
    hasher.combine(scrolling)
    hasher.combine(window)
  }

  /// Every control in the order the arrow keys visit them, seen or scrolled away.
  package var controls: [Control] {
    (scrolling + pinned.map(\.line)).flatMap(\.controls)
  }

  /// The lines on the screen.
  package var visible: [(line: PanelLine, rect: Rect)] {
    window.visible.map { index in
      (
        scrolling[index],
        Rect(
          column: list.origin.column, row: list.origin.row + index - window.offset,
          columns: list.size.columns, rows: 1)
      )
    } + pinned
  }

  /// The scroll offset that shows a control.
  package func offset(revealing control: Control) -> Int {
    guard let index = scrolling.firstIndex(where: { $0.controls.contains(control) }) else {
      return window.offset
    }
    // The heading above a section's first slider comes into view with it.
    if index > 0, case .heading = scrolling[index - 1] {
      return window.revealing(index, margin: 1).revealing(index - 1).revealing(index).offset
    }
    return window.revealing(index, margin: 1).offset
  }
}
