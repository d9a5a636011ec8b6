package import TUI

/// One movement that undo takes back as a whole.
package struct Gesture: Hashable, Sendable {
  package enum Subject: Hashable, Sendable {
    case control(Control)
    case range(SliderID)
    case seed
    case bookmarks
  }
  package var subject: Subject
  /// When the last movement came, in seconds.
  package var time: Double
  /// Whether a mouse button is down: then only its release ends the gesture.
  package var isDrag: Bool
  /// Whether it has made a step of the history yet.
  package var hasStep: Bool
  /// Seconds without a movement after which the next key begins another step.
  package static let patience = 0.8
}

/// The last press of the mouse, to know a double click.
package struct Click: Hashable, Sendable {
  package var position: Point
  package var time: Double
  /// Seconds between the two presses of a double click.
  package static let patience = 0.4
}
