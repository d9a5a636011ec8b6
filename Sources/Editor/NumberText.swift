/// Numbers as the page writes and reads them.
enum NumberText {
  /// Two decimals at most, one at least, with a true minus sign and, for `signed`, a plus:
  /// `+1.6`, `−0.25`, `0.0`.
  static func value(_ value: Float, signed: Bool = true) -> String {
    let hundredths = Int((min(max(value, -1e6), 1e6) * 100).rounded())
    var text = fixed(abs(hundredths), decimals: 2)
    if text.hasSuffix("0") { text.removeLast() }
    return sign(hundredths, signed: signed) + text
  }

  /// Exactly two decimals: `0.70`.
  static func hundredths(_ value: Float) -> String {
    let hundredths = Int((min(max(value, -1e6), 1e6) * 100).rounded())
    return sign(hundredths, signed: false) + fixed(abs(hundredths), decimals: 2)
  }

  /// One decimal, for amounts: `0.8`.
  static func tenths(_ value: Float) -> String {
    guard value.isFinite else { return "–" }
    return fixed(Int((min(abs(value), 1e6) * 10).rounded()), decimals: 1)
  }

  /// `18 ms`, `1.2 s`.
  static func duration(_ seconds: Double) -> String {
    seconds < 1
      ? "\(max(1, Int((seconds * 1000).rounded()))) ms" : tenths(Float(seconds)) + " s"
  }

  /// A number as a person types it; a comma counts as a point.
  static func parse(_ text: String) -> Float? {
    let plain = text.replacing("−", with: "-").replacing(",", with: ".").filter { $0 != " " }
    guard let value = Float(plain), value.isFinite else { return nil }
    return value
  }

  private static func sign(_ value: Int, signed: Bool) -> String {
    value < 0 ? "−" : signed && value > 0 ? "+" : ""
  }

  private static func fixed(_ value: Int, decimals: Int) -> String {
    let scale = decimals == 1 ? 10 : 100
    let fraction = String(value % scale)
    return "\(value / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
  }
}
