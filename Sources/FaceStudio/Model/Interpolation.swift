/// Curves through points.
enum Interpolation {
  /// A closed curve through points (Catmull and Rom 1974).
  static func closedCurve(
    _ points: [SIMD2<Double>], steps: Int = 12
  ) -> [SIMD2<Double>] {
    let n = points.count
    return points.indices.flatMap { i in
      let (a, b, c, e) = (
        points[(i + n - 1) % n], points[i], points[(i + 1) % n], points[(i + 2) % n]
      )
      return (0..<steps).map { step in
        let t = Double(step) / Double(steps)
        let linear = (c - a) * t
        let square = (2 * a - 5 * b + 4 * c - e) * (t * t)
        let cube = (3 * b - a - 3 * c + e) * (t * t * t)
        return 0.5 * (2 * b + linear + square + cube)
      }
    }
  }

  /// Linear between knots, constant beyond.
  static func linear(_ x: Double, _ xs: [Double], _ ys: [Double]) -> Double {
    guard x > xs[0] else { return ys[0] }
    guard let i = xs.firstIndex(where: { $0 >= x }) else { return ys[ys.count - 1] }
    return ys[i - 1] + (ys[i] - ys[i - 1]) * (x - xs[i - 1]) / (xs[i] - xs[i - 1])
  }
}

/// A curve through knots that never overshoots them (Fritsch and Butland 1984).
struct MonotoneCurve {
  private let xs: [Double]
  private let ys: [Double]
  private let slopes: [Double]

  /// - Precondition: at least two knots with increasing x.
  init(_ xs: [Double], _ ys: [Double]) {
    precondition(xs.count == ys.count && xs.count > 1, "a curve needs two knots")
    let n = xs.count
    let h = (0..<n - 1).map { xs[$0 + 1] - xs[$0] }
    let d = (0..<n - 1).map { (ys[$0 + 1] - ys[$0]) / h[$0] }
    var m = [Double](repeating: 0, count: n)
    for i in 0..<n {
      if i == 0 || i == n - 1 {
        // One-sided, kept from overshooting.
        let (h0, h1, d0, d1) =
          n == 2
          ? (h[0], h[0], d[0], d[0])
          : i == 0 ? (h[0], h[1], d[0], d[1]) : (h[n - 2], h[n - 3], d[n - 2], d[n - 3])
        var slope = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
        if slope * d0 <= 0 {
          slope = 0
        } else if d0 * d1 <= 0 && abs(slope) > 3 * abs(d0) {
          slope = 3 * d0
        }
        m[i] = slope
      } else if d[i - 1] * d[i] > 0 {
        let (w1, w2) = (2 * h[i] + h[i - 1], h[i] + 2 * h[i - 1])
        m[i] = (w1 + w2) / (w1 / d[i - 1] + w2 / d[i])
      }
    }
    self.xs = xs
    self.ys = ys
    slopes = m
  }

  /// The value at x, which is clamped to the knots.
  func callAsFunction(_ x: Double) -> Double {
    let x = min(max(x, xs[0]), xs[xs.count - 1])
    let i = min(max((xs.firstIndex { $0 > x } ?? xs.count) - 1, 0), xs.count - 2)
    let h = xs[i + 1] - xs[i]
    let t = (x - xs[i]) / h
    let (t2, t3) = (t * t, t * t * t)
    return ys[i] * (2 * t3 - 3 * t2 + 1) + slopes[i] * h * (t3 - 2 * t2 + t)
      + ys[i + 1] * (3 * t2 - 2 * t3) + slopes[i + 1] * h * (t3 - t2)
  }
}
