/// Seconds of several runs of the same thing.
struct Timing: Hashable {
  var minimum: Double
  var median: Double

  /// - Precondition: at least one.
  init(_ seconds: [Double]) {
    precondition(!seconds.isEmpty, "nothing was timed")
    let sorted = seconds.sorted()
    minimum = sorted[0]
    median = sorted[sorted.count / 2]
  }

  /// Times so many runs after so many that do not count.
  init(runs: Int, warmUp: Int = 2, _ body: () throws -> Void) rethrows {
    for _ in 0..<warmUp { try body() }
    self.init(try (0..<max(1, runs)).map { _ in try Self.seconds(body) })
  }

  static func seconds(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
  }

  /// "min 12.3 ms  median 12.9 ms"
  var words: String { "min \(milliseconds(minimum))  median \(milliseconds(median))" }
}

/// "12.3 ms", with three digits or so.
func milliseconds(_ seconds: Double) -> String {
  "\(fixed(seconds * 1e3, seconds < 0.01 ? 2 : seconds < 10 ? 1 : 0)) ms"
}

/// A number with a fixed count of decimals.
func fixed(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "–" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = Int((abs(value) * scale).rounded())
  let whole = "\(scaled / Int(scale))"
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard decimals > 0 else { return sign + whole }
  let fraction = String(scaled % Int(scale))
  return sign + whole + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
}
