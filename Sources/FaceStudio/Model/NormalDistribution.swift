import Glibc

/// The standard normal distribution.
enum NormalDistribution {
  /// Φ(x)
  static func cumulative(_ x: Double) -> Double { 0.5 * (1 + erf(x / 2.0.squareRoot())) }

  /// A pair of independent draws (Box and Muller 1958).
  static func pair(from random: inout RandomSource) -> (Double, Double) {
    let radius = (-2 * log(1 - random.uniform())).squareRoot()
    let angle = 2 * Double.pi * random.uniform()
    return (radius * cos(angle), radius * sin(angle))
  }

  static func draws(_ count: Int, from random: inout RandomSource) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(count + 1)
    while values.count < count {
      let (a, b) = pair(from: &random)
      values.append(a)
      values.append(b)
    }
    values.removeLast(values.count - count)
    return values
  }
}
