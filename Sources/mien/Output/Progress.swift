/// A line on stderr that says how far the work is, where somebody looks: nothing is written unless
/// stderr is a terminal.
struct Progress: ~Copyable {
  private let label: String
  private let total: Int
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var lastDrawn: ContinuousClock.Instant?
  private(set) var done = 0

  init(_ label: String, total: Int, isShown: Bool = StandardError.isTerminal) {
    self.label = label
    self.total = total
    self.isShown = isShown
    draw()
  }

  deinit {
    if isShown { StandardError.write("\r\u{1B}[K") }
  }

  mutating func advance() {
    done += 1
    draw()
  }

  private mutating func draw() {
    guard isShown else { return }
    let now = ContinuousClock.now
    // Ten times a second is as often as anybody can read.
    if done < total, let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
    lastDrawn = now
    let line = Progress.line(label, done: done, total: total, elapsed: now - start)
    StandardError.write("\r\(line)\u{1B}[K")
  }

  /// `generate  12/36 ━━━━━━━━────────────────  3.4/s`
  static func line(_ label: String, done: Int, total: Int, elapsed: Duration) -> String {
    var line = "\(label)  \(done)/\(total) \(bar(total > 0 ? Double(done) / Double(total) : 1))"
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    if done > 0, seconds > 0 { line += "  \(tenths(Double(done) / seconds))/s" }
    return line
  }

  static func bar(_ share: Double) -> String {
    let width = 24
    let filled = Int(Double(width) * min(max(share, 0), 1))
    return String(repeating: "━", count: filled) + String(repeating: "─", count: width - filled)
  }

  /// One decimal below a hundred, none above.
  private static func tenths(_ value: Double) -> String {
    if value >= 100 { return "\(Int(value.rounded()))" }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}

/// The same for work that knows its share done: `finding components ━━━━────`.
struct ShareOfWork: ~Copyable {
  private let label: String
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var hasDrawn = false

  init(_ label: String, isShown: Bool = StandardError.isTerminal) {
    self.label = label
    self.isShown = isShown
  }

  deinit {
    if hasDrawn { StandardError.write("\r\u{1B}[K") }
  }

  /// - Parameter share: 0…1
  mutating func update(_ share: Double) {
    // What is over at once needs no bar.
    guard isShown, ContinuousClock.now - start > .milliseconds(200) else { return }
    hasDrawn = true
    StandardError.write("\r\(label) \(Progress.bar(share))\u{1B}[K")
  }
}
