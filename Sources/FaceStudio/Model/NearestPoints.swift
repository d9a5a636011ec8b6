import CFaceStudio

/// The points nearest to others.
enum NearestPoints {
  struct Result {
    let count: Int
    /// [query][count], nearest first
    let indices: [Int32]
    let distances: [Float]
  }

  /// - Precondition: at least `count` points, `count` at most eight.
  static func find(
    _ count: Int, among points: [SIMD3<Float>], of queries: [SIMD3<Float>]
  ) -> Result {
    var indices = [Int32](repeating: 0, count: queries.count * count)
    var distances = [Float](repeating: 0, count: queries.count * count)
    let done = unsafe studio_nearest(
      flat(points), Int32(points.count), flat(queries), Int32(queries.count), Int32(count),
      &indices, &distances)
    precondition(done == 1, "\(points.count) points are too few for \(count) neighbours")
    return Result(count: count, indices: indices, distances: distances)
  }
}

/// x, y, z after each other.
func flat(_ points: [SIMD3<Float>]) -> [Float] { points.flatMap { [$0.x, $0.y, $0.z] } }

func cross(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}
func dot(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> Float { (a * b).sum() }
func length(_ a: SIMD3<Float>) -> Float { dot(a, a).squareRoot() }
func clamp(_ x: Float, _ low: Float, _ high: Float) -> Float { min(max(x, low), high) }
func smoothstep(_ a: Float, _ b: Float, _ x: Float) -> Float {
  let t = clamp((x - a) / (b - a), 0, 1)
  return t * t * (3 - 2 * t)
}
