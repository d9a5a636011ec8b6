/// When the next picture may be sent: after the terminal said that it has drawn the last one. This
/// keeps what is seen at most one picture behind what is meant, over any link.
///
/// Terminals that do not answer get a picture every 33 ms. Times are in seconds of any clock.
package struct PicturePacing: Hashable, Sendable {
  static let patience = 1.0
  static let blindInterval = 1.0 / 30

  private enum State: Hashable {
    case idle
    case waiting(since: Double)
    case pausing(until: Double)
  }
  private var state = State.idle
  private var answers = true
  /// How long the terminal took for the last picture.
  package private(set) var lastDelay: Double?

  package init() {}

  package mutating func mayPaint(at now: Double) -> Bool {
    switch state {
    case .idle: return true
    case .waiting(let since):
      guard now - since >= Self.patience else { return false }
      answers = false
      state = .idle
      return true
    case .pausing(let until):
      guard now >= until else { return false }
      state = .idle
      return true
    }
  }

  /// All bytes of a picture and the question after it have been sent.
  package mutating func sent(at now: Double) {
    state = answers ? .waiting(since: now) : .pausing(until: now + Self.blindInterval)
  }

  /// The terminal answered.
  package mutating func ready(at now: Double) {
    if case .waiting(let since) = state {
      lastDelay = now - since
      state = .idle
    }
    answers = true
  }

  /// When to ask `mayPaint` again although nothing happened.
  package var deadline: Double? {
    switch state {
    case .idle: nil
    case .waiting(let since): since + Self.patience
    case .pausing(let until): until
    }
  }
}
