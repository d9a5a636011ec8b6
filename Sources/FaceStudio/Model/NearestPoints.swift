import CFaceStudio
import Dispatch

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
    let (points, corners) = (flat(points), flat(queries))
    var indices = [Int32](repeating: 0, count: queries.count * count)
    var distances = [Float](repeating: 0, count: queries.count * count)
    // A tree for each of a few long runs: queries in a row have neighbours in common.
    let runs = 4
    let bounds = (0...runs).map { queries.count * $0 / runs }
    unsafe indices.withUnsafeMutableBufferPointer { indices in
      unsafe distances.withUnsafeMutableBufferPointer { distances in
        let (indices, distances) = unsafe (
          SharedRows(start: indices.baseAddress), SharedRows(start: distances.baseAddress))
        DispatchQueue.concurrentPerform(iterations: runs) { run in
          let first = bounds[run]
          let queryCount = bounds[run + 1] - first
          guard queryCount > 0, let indices = unsafe indices.start,
            let distances = unsafe distances.start
          else { return }
          let done = unsafe corners.withUnsafeBufferPointer { corners in
            unsafe studio_nearest(
              points, Int32(points.count / 3), corners.baseAddress! + 3 * first,
              Int32(queryCount), Int32(count), indices + count * first, distances + count * first)
          }
          precondition(done == 1, "\(points.count / 3) points are too few for \(count) neighbours")
        }
      }
    }
    return Result(count: count, indices: indices, distances: distances)
  }
}

/// Rows that several threads write, each its own.
@unsafe private struct SharedRows<Element>: @unchecked Sendable {
  let start: UnsafeMutablePointer<Element>?
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
