/// When the next picture may be sent: after the terminal said that it has drawn the last one. This
/// keeps what is seen at most one picture behind what is meant, over any link. The answers also
/// tell how fast the link is, and so how much of a moving picture to send over it.
///
/// Terminals that do not answer get a picture every 33 ms. Times are in seconds of any clock.
package struct PicturePacing: Sendable {
  static let patience = 1.0
  static let blindInterval = 1.0 / 30
  /// A moving picture that takes the link longer than this is sent with less in it from then on,
  /// one that takes less than the other, for a while, with more.
  static let slow = 0.120
  static let quick = 0.045
  static let quickFor = 1.0

  private enum State: Hashable {
    case idle
    case waiting(since: Double)
    case pausing(until: Double)
  }
  private var state = State.idle
  private var answers = true
  /// From the first byte of the last picture to the terminal's answer.
  package private(set) var lastDuration: Double?
  /// What of moving pictures to send.
  package private(set) var quality = DraftQuality.full
  /// Seconds that a question takes to the terminal and its answer back, which smaller pictures
  /// would not save.
  private let roundTrip: Double
  private var beginning: (time: Double, isDraft: Bool)?
  private var slowCount = 0
  private var quickSince: Double?

  package init(roundTrip: Double = 0) { self.roundTrip = roundTrip }

  package func mayPaint(at now: Double) -> Bool {
    deadline.map { now >= $0 } ?? true
  }

  /// A picture begins to be sent.
  package mutating func begins(at now: Double, isDraft: Bool) {
    beginning = (now, isDraft)
  }

  /// All bytes of a picture and the question after it have been sent.
  package mutating func sent(at now: Double) {
    // Sent although the answer to the last question never came.
    if case .waiting = state { answers = false }
    state = answers ? .waiting(since: now) : .pausing(until: now + Self.blindInterval)
  }

  /// The terminal answered.
  package mutating func ready(at now: Double) {
    if case .waiting(let since) = state {
      let duration = now - (beginning?.time ?? since)
      lastDuration = duration
      if beginning?.isDraft == true { judge(max(0, duration - roundTrip), at: now) }
    }
    beginning = nil
    state = .idle
    answers = true
  }

  private mutating func judge(_ seconds: Double, at now: Double) {
    if seconds > Self.slow {
      slowCount += 1
      quickSince = nil
      // One may be a hiccup; one that takes so long that a second would annoy is not waited for.
      if slowCount >= 2 || seconds > 2 * Self.slow, let worse = quality.worse {
        quality = worse
        slowCount = 0
      }
      return
    }
    slowCount = 0
    guard seconds < Self.quick, let better = quality.better else {
      quickSince = nil
      return
    }
    guard let since = quickSince else {
      quickSince = now
      return
    }
    if now - since >= Self.quickFor {
      quality = better
      quickSince = nil
    }
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
