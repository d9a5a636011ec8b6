/// What is shown of the two pictures, and what was asked for. The pixels are kept by the program.
package struct Pictures: Hashable, Sendable {
  /// The number of the newest request; results of older ones do not count once it is shown.
  package var lastRequest = 0
  /// The newest request for the picture being edited.
  package var lastCurrentRequest = 0
  package var current: Shown?
  package var reference: Shown?
  package var comparison = Comparison.off

  /// Whether the picture shown is the final one of what was asked for last.
  package var isSettled: Bool {
    current.map { $0.report.isSettled && $0.report.request >= lastCurrentRequest } ?? false
  }

  /// A finished picture.
  package struct Shown: Hashable, Sendable {
    /// Changes whenever the pixels do.
    package var generation: Int
    package var report: RenderReport
  }
}

/// How the picture is compared with another.
package enum Comparison: Hashable, Sendable {
  case off
  /// The start instead of the current picture; `held` while a mouse button is down.
  case flipped(held: Bool)
  /// The start on the left, the current picture on the right.
  case startBeside
  /// Face B on the left, the current picture on the right.
  case partnerBeside

  package var isSideBySide: Bool { self == .startBeside || self == .partnerBeside }
  package var isFlipped: Bool {
    if case .flipped = self { true } else { false }
  }
}
