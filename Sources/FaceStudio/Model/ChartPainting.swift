import CFaceStudio
import Glibc

/// Painting on the face chart: polygons, blurs, bumps.
struct ChartPainting {
  let chart: FaceChart
  var size: Int { chart.size }

  /// A field over the chart from a function of the rest position and the texel.
  func field(_ value: (SIMD3<Float>) -> Float) -> [Float] {
    chart.rest.map { $0 == FaceChart.nowhere ? 0 : value($0) }
  }

  /// Texel centres in 0…1, v from below.
  func place(_ texel: Int) -> (u: Float, v: Float) {
    let n = Float(size)
    return ((Float(texel % size) + 0.5) / n, (Float(texel / size) + 0.5) / n)
  }

  /// A polygon in thousandths (v from above), its mirror image too, blurred by texels of a chart of
  /// 1024.
  func polygon(
    _ points: [SIMD2<Double>], blur: Float, isMirrored: Bool = true
  ) -> [Float] {
    let (n, fine) = (size, 2 * size)
    var field = [Float](repeating: 0, count: n * n)
    var shapes = [points]
    if isMirrored { shapes.append(points.map { SIMD2(1000 - $0.x, $0.y) }) }
    for row in 0..<fine {
      // Rows go up, the polygon's y goes down.
      let y = 1000 * (1 - (Double(row) + 0.5) / Double(fine))
      var line = [Bool](repeating: false, count: fine)
      for shape in shapes {
        var crossings: [Double] = []
        for i in shape.indices {
          let (a, b) = (shape[i], shape[(i + 1) % shape.count])
          guard (a.y <= y) != (b.y <= y) else { continue }
          crossings.append(a.x + (b.x - a.x) * (y - a.y) / (b.y - a.y))
        }
        crossings.sort()
        for pair in stride(from: 0, to: crossings.count - 1, by: 2) {
          let from = max(0, Int((crossings[pair] / 1000 * Double(fine)).rounded()))
          let to = min(fine, Int((crossings[pair + 1] / 1000 * Double(fine)).rounded()))
          for x in stride(from: from, to: to, by: 1) { line[x] = true }
        }
      }
      for x in 0..<fine where line[x] { field[(row / 2) * n + x / 2] += 0.25 }
    }
    return blurred(field, blur * Float(n) / 1024)
  }

  func blurred(_ field: [Float], _ sigma: Float) -> [Float] { blurred(field, sigma, sigma) }

  func blurred(
    _ field: [Float], _ vertical: Float, _ horizontal: Float, wraps: Bool = false
  ) -> [Float] {
    var field = field
    unsafe studio_blur(&field, 1, Int32(size), Int32(size), vertical, wraps ? 1 : 0)
    unsafe studio_blur(&field, Int32(size), Int32(size), 1, horizontal, wraps ? 1 : 0)
    return field
  }

  /// Blurred normal noise of unit variance, periodic; sigmas in texels of a chart of 1024.
  func noise(_ vertical: Float, _ horizontal: Float, seed: UInt64) -> [Float] {
    var random = RandomSource(seed: seed)
    let draws = NormalDistribution.draws(size * size, from: &random).map(Float.init)
    let scale = Float(size) / 1024
    let field = blurred(
      draws, max(0.3, vertical * scale), max(0.3, horizontal * scale), wraps: true)
    let mean = field.reduce(0, +) / Float(field.count)
    let variance = field.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(field.count)
    return field.map { $0 / max(variance.squareRoot(), 1e-9) }
  }
}

/// exp(−((x − cx)/rx)² − ((y − cy)/ry)²)
func bump(_ x: Float, _ y: Float, _ cx: Float, _ cy: Float, _ rx: Float, _ ry: Float) -> Float {
  let (a, b) = ((x - cx) / rx, (y - cy) / ry)
  return expf(-a * a - b * b)
}
