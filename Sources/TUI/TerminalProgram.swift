package import Imaging

/// A program that owns the screen of a terminal: events go in, frames come out.
///
/// The terminal layer drives it on one thread and calls, in this order: `terminalDidStart` once,
/// then for each turn `receive` with what happened, `view` for the frame to show, and `image` for
/// those placements whose picture has to be sent. A worker that has something new calls the
/// session's wake function, which arrives here as `InputEvent.wake`.
package protocol TerminalProgram: AnyObject {
  /// What the terminal can do, told at the start, and again after a resize (which may change the
  /// size of a cell in pixels too) or a return from being stopped, before `receive`.
  func terminalDidStart(_ traits: TerminalTraits)

  /// What happened since the last turn, oldest first; never empty. Waiting drag motions are
  /// already reduced to the newest one; presses and releases are all there.
  func receive(_ events: [InputEvent])

  /// The screen as it should be now, exactly `size` large.
  ///
  /// Picture rectangles must lie within the frame and end above its last row: several terminals
  /// scroll when a picture touches it. See `TerminalTraits.fit`.
  func view(_ size: Size) -> Frame

  /// The pixels of a placement of the last frame, at any resolution: the terminal layer stretches
  /// them to the placement's rectangle. `nil` shows nothing and is asked again at the next turn.
  func image(_ id: Int) -> PixelImage?

  /// Whether pictures change so often that speed matters more than the last bit of quality.
  /// A picture sent as a draft is sent again, properly, once this says `still`.
  var imageQuality: ImageQuality { get }

  /// So many seconds passed from the first byte of a picture until the terminal said that it has
  /// drawn it: pictures made faster than that are not all seen.
  func terminalDidTake(_ seconds: Double)

  /// The session ends after the turn in which this becomes true.
  var isFinished: Bool { get }

  /// The session is about to end because the system says so (terminated, hung up, interrupted).
  /// The last chance to save; the screen is still owned, so nothing may be printed.
  func terminalWillEnd()
}

extension TerminalProgram {
  package func terminalDidStart(_ traits: TerminalTraits) {}
  package var imageQuality: ImageQuality { .still }
  package func terminalDidTake(_ seconds: Double) {}
  package func terminalWillEnd() {}
}

package enum ImageQuality: Hashable, Sendable {
  /// While something moves: encoded fast, with colours that stay the same from frame to frame.
  case draft
  /// At rest: the best the terminal can show.
  case still
}
