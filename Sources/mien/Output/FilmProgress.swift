/// A line on stderr for a film: frames, rate and the time left. Frames kept from an earlier run do
/// not count as work.
struct FilmProgress: ~Copyable {
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?

  init(isShown: Bool = StandardError.isTerminal) { self.isShown = isShown }

  deinit {
    if isShown { StandardError.write("\r\u{1B}[K") }
  }

  mutating func update(_ done: Int, kept: Int, of total: Int) {
    guard isShown else { return }
    let now = ContinuousClock.now
    if done < total, let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
    lastDrawn = now
    let line = FilmProgress.line(
      done: done, total: total, made: done - kept, elapsed: now - start)
    StandardError.write("\r\(line)\u{1B}[K")
  }

  /// `video  12/120 ━━━─────  3.4/s  0:32 left`
  static func line(done: Int, total: Int, made: Int, elapsed: Duration) -> String {
    var line = "video  \(done)/\(total) \(Progress.bar(total > 0 ? Double(done) / Double(total) : 1))"
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    guard made > 0, seconds > 0 else { return line }
    let rate = Double(made) / seconds
    line += "  \(short(rate, decimals: rate < 100 ? 1 : 0))/s"
    if done < total { line += "  \(time(Double(total - done) / rate)) left" }
    return line
  }

  /// `0:32`, `1:02:03`
  static func time(_ seconds: Double) -> String {
    let whole = Int(min(seconds.rounded(.up), 3_600_000))
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":\(two(whole % 60))"
  }
}
