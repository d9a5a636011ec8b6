/// `project  120/1000 ━━━─── distance 0.3121, best 0.3098, 3:12 left`, on stderr where somebody
/// looks.
struct ProjectionLine: ~Copyable {
  private let isShown: Bool
  private let total: Int
  private let first: Int
  private let start = ContinuousClock.now

  /// - Parameter first: steps taken before, by an earlier run
  init(total: Int, first: Int, isShown: Bool = StandardError.isTerminal) {
    self.total = total
    self.first = first
    self.isShown = isShown
  }

  deinit {
    if isShown { StandardError.write("\r\u{1B}[K") }
  }

  func update(done: Int, distance: Float, best: Float) {
    guard isShown else { return }
    let elapsed = ContinuousClock.now - start
    let line = ProjectionLine.text(
      done: done, first: first, total: total, distance: distance, best: best, elapsed: elapsed)
    StandardError.write("\r\(line)\u{1B}[K")
  }

  static func text(
    done: Int, first: Int, total: Int, distance: Float, best: Float, elapsed: Duration
  ) -> String {
    let share = total > 0 ? Double(done) / Double(total) : 1
    var line =
      "project  \(done)/\(total) \(Progress.bar(share))  distance \(short(distance)), best \(short(best))"
    if done > first, done < total {
      let seconds =
        Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
      line += ", \(time(seconds / Double(done - first) * Double(total - done))) left"
    }
    return line
  }

  /// Minutes and seconds: 0:07.
  static func time(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e9).rounded())
    let rest = whole % 60
    return "\(whole / 60):\(rest < 10 ? "0" : "")\(rest)"
  }

  /// Four decimals.
  static func short(_ value: Float) -> String {
    guard value.isFinite, abs(value) < 1e6 else { return "\(value)" }
    let scaled = Int((Double(value) * 10_000).rounded())
    let decimals = String(abs(scaled) % 10_000)
    return (scaled < 0 ? "-" : "") + "\(abs(scaled) / 10_000)."
      + String(repeating: "0", count: 4 - decimals.count) + decimals
  }
}
