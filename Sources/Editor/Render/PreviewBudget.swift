/// Learns how long pictures take, and so which size keeps up with the hand.
struct PreviewBudget: Hashable, Sendable {
  /// Seconds a picture may take while something moves.
  var seconds = 0.030
  /// The first guess, before anything was measured.
  private static let firstGuess = 64
  /// Pictures smaller than this say nothing.
  private static let least = 16
  /// How much longer twice the resolution takes, guessed low: trying costs two slow pictures, not
  /// trying costs sharpness for good.
  private static let growth = 2.5

  private var times: [Int: [Double]] = [:]
  private var warm: Set<Int> = []

  init(seconds: Double = 0.030) { self.seconds = seconds }

  /// Remembers a time. The first of a size does not count: buffers are made then.
  mutating func record(resolution: Int, seconds: Double) {
    guard warm.contains(resolution) else {
      warm.insert(resolution)
      return
    }
    // The least of a few, so that a hiccup does not stay.
    times[resolution] = (times[resolution] ?? []).suffix(2) + [seconds]
  }

  /// What a picture of that size takes; nil where nothing is known.
  func estimate(resolution: Int) -> Double? {
    if let measured = times[resolution]?.min() { return measured }
    guard let nearest = times.keys.filter({ $0 < resolution }).max(),
      var time = times[nearest]?.min()
    else { return nil }
    var size = nearest
    while size < resolution {
      size *= 2
      time *= PreviewBudget.growth
    }
    return time
  }

  /// The largest of the sizes a network can make that fits the budget; the smallest worth showing
  /// where none does.
  /// - Parameter sizes: ascending, the full one last; never empty.
  func previewResolution(among sizes: [Int]) -> Int {
    let sizes = sizes.filter { $0 >= PreviewBudget.least || $0 == sizes.last }
    guard var best = sizes.first else { preconditionFailure("a network makes pictures") }
    guard !times.isEmpty else {
      return sizes.last { $0 <= PreviewBudget.firstGuess } ?? best
    }
    for size in sizes {
      // A size below the smallest one measured is taken to be fast enough to try.
      if let time = estimate(resolution: size) {
        if time <= seconds { best = size }
      } else if let smallest = times.keys.min(), size < smallest {
        best = size
      }
    }
    return best
  }
}
