import Glibc

/// Height maps of six families of wrinkles on the face chart, 64 steps to a centimetre-like unit.
struct WrinkleRelief {
  /// [v][u][6]: forehead, glabella, crow's feet, bags, nasolabial folds, lip lines.
  let bytes: [Int8]

  init(_ paint: ChartPainting, lips: [Float]) {
    let n = paint.size
    var maps = [
      Self.forehead(paint), Self.glabella(paint), Self.crowsFeet(paint), Self.bags(paint),
      Self.folds(paint),
      Swift.zip(lips, paint.noise(9, 1.2, seed: 5)).map { $0 * $1 * 0.5 },
    ]
    for k in maps.indices { maps[k] = paint.blurred(maps[k], Float(n) / 1024) }
    var bytes = [Int8](repeating: 0, count: n * n * maps.count)
    for (k, map) in maps.enumerated() {
      for i in map.indices { bytes[i * maps.count + k] = Int8(min(max(map[i] * 64, -127), 127)) }
    }
    self.bytes = bytes
  }

  /// Adds a groove along a curve in the frontal plane, with a soft ridge beside it.
  private static func groove(
    _ field: inout [Float], _ paint: ChartPainting, _ points: [(Double, Double)], width: Float,
    depth: Float = 1, isMirrored: Bool = true
  ) {
    let knots = points.indices.map { Double($0) / Double(points.count - 1) }
    let (cx, cy) = (
      MonotoneCurve(knots, points.map(\.0)), MonotoneCurve(knots, points.map(\.1))
    )
    let curve = (0..<80).map { i -> SIMD2<Float> in
      let t = Double(i) / 79
      return SIMD2(Float(cx(t)), Float(cy(t)))
    }
    let reach = 6 * width
    let low = curve.reduce(curve[0]) { pointwiseMin($0, $1) } - reach
    let high = curve.reduce(curve[0]) { pointwiseMax($0, $1) } + reach
    for i in field.indices {
      let p = paint.chart.rest[i]
      let q = SIMD2(isMirrored ? abs(p.x) : p.x, p.y)
      guard p.z > 3, q.x > low.x, q.y > low.y, q.x < high.x, q.y < high.y else { continue }
      var (best, place) = (Float.infinity, 0)
      for (k, c) in curve.enumerated() {
        let d = q - c
        let square = d.x * d.x + d.y * d.y
        if square < best { (best, place) = (square, k) }
      }
      let distance = best.squareRoot()
      guard distance < reach else { continue }
      let ends = sinf(.pi * (Float(place) / 79 * 0.92 + 0.04))
      let beside = (distance - 2 * width) / (1.2 * width)
      let height =
        -expf(-(distance / width) * (distance / width)) + 0.5 * expf(-beside * beside)
      field[i] += height * powf(max(0, ends), 0.6) * depth
    }
  }

  private static func forehead(_ paint: ChartPainting) -> [Float] {
    var field = [Float](repeating: 0, count: paint.size * paint.size)
    var random = RandomSource(seed: 1)
    for (k, (height, depth)) in [(7.2, Float(0.6)), (8.1, 0.9), (9.0, 1.0), (9.9, 0.7)]
      .enumerated()
    {
      let half = 4.6 - 0.2 * Double(k)
      let points = (0..<9).map { i -> (Double, Double) in
        let x = -half + 2 * half * Double(i) / 8
        let wander = NormalDistribution.pair(from: &random).0 * 0.06
        return (
          x,
          height + 0.12 * sin(x * 0.9 + Double(k) * 2.1) + 0.216 * cos(x * 0.45) + wander - 0.012
            * x * x
        )
      }
      groove(&field, paint, points, width: 0.13, depth: depth, isMirrored: false)
    }
    let uneven = paint.noise(14, 14, seed: 3)
    return zip(field, uneven).map { $0 * min(max(1 + 0.35 * $1, 0.2), 1.6) }
  }

  private static func glabella(_ paint: ChartPainting) -> [Float] {
    var field = [Float](repeating: 0, count: paint.size * paint.size)
    groove(&field, paint, [(0.62, 5.0), (0.72, 5.8), (0.62, 6.6), (0.75, 7.2)], width: 0.13)
    groove(&field, paint, [(0.0, 3.6), (0.7, 3.75), (1.1, 3.9)], width: 0.12, depth: 0.4)
    return field
  }

  private static func crowsFeet(_ paint: ChartPainting) -> [Float] {
    var field = [Float](repeating: 0, count: paint.size * paint.size)
    for (degrees, length) in [
      (48.0, 1.5), (28, 1.9), (10, 2.1), (-8, 2.1), (-26, 1.9), (-44, 1.5),
    ] {
      let (c, s) = (cos(degrees * .pi / 180), sin(degrees * .pi / 180))
      groove(
        &field, paint,
        [
          (4.85 + 0.25 * c, 3.5 + 0.25 * s), (4.85 + 0.5 * length * c, 3.55 + 0.5 * length * s),
          (4.85 + length * c, 3.4 + length * s),
        ], width: 0.085, depth: 0.8)
    }
    return field
  }

  private static func bags(_ paint: ChartPainting) -> [Float] {
    var field = [Float](repeating: 0, count: paint.size * paint.size)
    groove(
      &field, paint, [(1.9, 2.85), (2.5, 2.25), (3.2, 2.0), (4.0, 2.2), (4.5, 2.7)], width: 0.14,
      depth: 0.9)
    groove(
      &field, paint, [(1.75, 2.6), (2.2, 1.9), (3.0, 1.45), (3.9, 1.55)], width: 0.18, depth: 0.56)
    return field
  }

  private static func folds(_ paint: ChartPainting) -> [Float] {
    var field = [Float](repeating: 0, count: paint.size * paint.size)
    groove(
      &field, paint, [(1.75, 0.55), (2.2, -0.2), (2.7, -1.2), (3.15, -2.3), (3.35, -3.3)],
      width: 0.20, depth: 1.5)
    groove(
      &field, paint, [(2.75, -3.7), (2.95, -4.4), (3.05, -5.2), (2.95, -5.9)], width: 0.17,
      depth: 0.9)
    // Rings around the neck.
    for (k, (height, width)) in [(Float(-9.8), Float(0.2)), (-11.6, 0.22), (-13.0, 0.2)]
      .enumerated()
    {
      for i in field.indices where paint.place(i).v < 0.30 {
        let p = paint.chart.rest[i]
        guard p != FaceChart.nowhere else { continue }
        let off = (p.y - (height + 0.25 * cosf(p.x * 0.5 + Float(k)))) / width
        let side = p.x / 4.5
        field[i] -= 0.7 * expf(-off * off) * expf(-side * side * side * side)
      }
    }
    return field
  }
}
