/// Pictures a second, as an exact fraction: 29.97 is 30000/1001.
package struct FrameRate: Hashable, Sendable, CustomStringConvertible {
  package let numerator: Int
  package let denominator: Int

  /// - Precondition: both positive.
  package init(_ numerator: Int, per denominator: Int = 1) {
    precondition(numerator > 0 && denominator > 0, "\(numerator)/\(denominator) frames a second")
    var (a, b) = (numerator, denominator)
    while b != 0 { (a, b) = (b, a % b) }
    self.numerator = numerator / a
    self.denominator = denominator / a
  }

  /// Reads `30`, `29.97` and `30000/1001`, from one frame a minute to 1000 a second; nil for
  /// anything else.
  package init?(parsing text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.allSatisfy({ (1...9).contains($0.utf8.count) }),
      text.utf8.allSatisfy({ (48...57).contains($0) || $0 == 46 || $0 == 47 })
    else { return nil }
    if parts.count == 2 {
      guard let numerator = Int(parts[0]), let denominator = Int(parts[1]), denominator > 0,
        numerator > 0
      else { return nil }
      self.init(numerator, per: denominator)
    } else {
      guard let value = Double(text), value > 0 else { return nil }
      // The rates of television are written in two or three digits and are n · 1000 / 1001.
      let television = (value.rounded(.up) * 1000 / 1001)
      if value != value.rounded(), abs(television - value) < 0.006 {
        self.init(Int(value.rounded(.up)) * 1000, per: 1001)
      } else {
        let thousandths = Int((value * 1000).rounded())
        guard thousandths > 0 else { return nil }
        self.init(thousandths, per: 1000)
      }
    }
    guard (1.0 / 60...1000).contains(perSecond) else { return nil }
  }

  package var perSecond: Double { Double(numerator) / Double(denominator) }

  package var description: String {
    denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
  }
}
