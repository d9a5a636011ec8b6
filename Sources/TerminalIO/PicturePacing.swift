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

  package func mayPaint(at now: Double) -> Bool {
    deadline.map { now >= $0 } ?? true
  }

  /// All bytes of a picture and the question after it have been sent.
  package mutating func sent(at now: Double) {
    // Sent although the answer to the last question never came.
    if case .waiting = state { answers = false }
    state = answers ? .waiting(since: now) : .pausing(until: now + Self.blindInterval)
  }

  /// The terminal answered.
  package mutating func ready(at now: Double) {
    if case .waiting(let since) = state { lastDelay = now - since }
    state = .idle
    answers = true
  }

  /// From when on `mayPaint` is true although nothing happens before; nil for always.
  package var deadline: Double? {
    switch state {
    case .idle: nil
    case .waiting(let since): since + Self.patience
    case .pausing(let until): until
    }
  }
}
