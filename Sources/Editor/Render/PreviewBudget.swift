import StyleGAN

/// Learns how long pictures take, and so which one keeps up with the hand.
///
/// A picture that differs from the one before only in later rows of ws takes less time; times are
/// kept apart by the block from which on it is computed.
struct PreviewBudget: Hashable, Sendable {
  /// Seconds a picture may take while something moves.
  var seconds: Double
  /// Seconds the screen takes to show a picture: what is made faster is not all seen, so there is
  /// more time where it is slow, up to `patience`.
  var pace = 0.0
  /// Faces smaller than this say little about an expression: rather than those, pictures that take
  /// up to `patience` are made.
  private static let sharpness = 128
  private static let patience = 0.080
  /// The first guess, before anything was measured.
  private static let firstGuess = 64
  /// Pictures smaller than this say nothing.
  private static let least = 16
  /// How much longer twice the resolution takes, and how much less time a draft, both guessed on
  /// the hopeful side: trying costs two slow pictures, not trying costs sharpness for good.
  private static let growth = 2.5
  private static let draftShare = 0.4
  /// What is in use stays in use until it takes so much longer than allowed, so that sharpness
  /// does not flicker with a time that is just at the limit.
  private static let tolerance = 1.25

  private struct Key: Hashable {
    var rung: Rung
    var block: Int
  }

  /// The last few times, and the least of all.
  private struct Times: Hashable {
    var recent: [Double]
    var least: Double

    /// The middle one of three, so that neither a hiccup nor a lucky moment counts.
    var typical: Double {
      recent.count < 3 ? recent.min() ?? least : recent.sorted()[recent.count / 2]
    }

    mutating func add(_ seconds: Double) {
      recent = recent.suffix(2) + [seconds]
      least = min(least, seconds)
    }
  }
  private var times: [Key: Times] = [:]
  private var warm: Set<Rung> = []
  private var current: Rung?

  init(seconds: Double = 0.026) { self.seconds = seconds }

  /// Remembers a time. The first of a kind does not count: buffers are made then.
  /// - Parameter block: the resolution from which on it was computed.
  mutating func record(_ rung: Rung, from block: Int = 4, seconds: Double) {
    guard warm.contains(rung) else {
      warm.insert(rung)
      return
    }
    let key = Key(rung: rung, block: block)
    if times[key] == nil {
      times[key] = Times(recent: [seconds], least: seconds)
    } else {
      times[key]?.add(seconds)
    }
  }

  /// The hand rests. What made pictures slow may have passed when it moves again.
  mutating func rest() {
    for (key, known) in times { times[key]?.recent = [known.least] }
    current = nil
  }

  /// What a picture would take; nil where nothing is known.
  func estimate(_ rung: Rung, from block: Int = 4) -> Double? {
    if let known = times[Key(rung: rung, block: block)] { return known.typical }
    // More work of the same kind takes no less.
    let more = times.filter { $0.key.rung == rung && $0.key.block < block }
      .map(\.value.typical).min()
    guard let guess = guess(rung, from: block) else { return more }
    return more.map { min($0, guess) } ?? guess
  }

  private func guess(_ rung: Rung, from block: Int) -> Double? {
    var guesses: [Double] = []
    let smaller = times.filter {
      $0.key.rung.precision == rung.precision && $0.key.rung.resolution < rung.resolution
        && $0.key.block <= block
    }
    if let nearest = smaller.max(by: { a, b in
      (a.key.rung.resolution, a.key.block) < (b.key.rung.resolution, b.key.block)
    }) {
      var time = nearest.value.typical
      var size = nearest.key.rung.resolution
      while size < rung.resolution {
        size *= 2
        time *= Self.growth
      }
      guesses.append(time)
    }
    if rung.precision == .draft, let full = estimate(Rung(rung.resolution), from: block) {
      guesses.append(full * Self.draftShare)
    }
    return guesses.min()
  }

  /// The best picture that fits the budget; the quickest worth showing where none does.
  /// - Parameters:
  ///   - sizes: those the network can make, ascending, the full one last; never empty.
  ///   - block: the resolution from which on it has to be computed.
  mutating func rung(among sizes: [Int], hasDrafts: Bool = false, from block: Int = 4) -> Rung {
    let sizes = sizes.filter { $0 >= Self.least || $0 == sizes.last }
    guard let smallest = sizes.first, let full = sizes.last else {
      preconditionFailure("a network makes pictures")
    }
    guard !times.isEmpty else {
      return Rung(sizes.last { $0 <= Self.firstGuess } ?? smallest)
    }
    let ladder = Rung.ladder(sizes: sizes, hasDrafts: hasDrafts)
    func fits(_ rung: Rung, _ limit: Double) -> Bool {
      let limit = rung == current ? limit * Self.tolerance : limit
      if let time = estimate(rung, from: block) { return time <= limit }
      // Smaller than anything measured: fast enough to try.
      let measured = times.keys.lazy.map(\.rung.resolution).min() ?? full
      return rung.resolution < measured
    }
    let seconds = max(seconds, min(pace, Self.patience))
    var chosen = ladder.first { fits($0, seconds) }
    if (chosen?.resolution ?? 0) < min(Self.sharpness, full) {
      chosen = ladder.first { $0.resolution <= Self.sharpness && fits($0, Self.patience) } ?? chosen
    }
    // Nothing fits: the smallest, in the precision that is quicker.
    let last = ladder.suffix(hasDrafts ? 2 : 1).min {
      estimate($0, from: block) ?? 0 < estimate($1, from: block) ?? 0
    }
    let result = chosen ?? last ?? Rung(smallest)
    current = result
    return result
  }
}
