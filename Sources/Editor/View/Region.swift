package import TUI

/// What the mouse can hit.
package struct Region: Hashable, Sendable {
  package enum Target: Hashable, Sendable {
    case picture
    case track(Control)
    /// Name or value.
    case control(Control)
    case range(SliderID)
    case mixBar
    case heading(Section)
    case history
    case bookmarks
    /// The scrolling part, where nothing else is.
    case list
    case hint(Action)
    /// A keyframe of the film.
    case keyframe(Int)
    /// The photo whose face is looked for.
    case photo
    /// A line of a popup's list.
    case row(Int)
    /// A popup where nothing else is.
    case popup
  }
  package var rect: Rect
  package var target: Target

  package init(_ rect: Rect, _ target: Target) {
    self.rect = rect
    self.target = target
  }
}
