import CFaceStudio

/// The square chart of the face: which point of the head each texel stands for. Row v, from below.
struct FaceChart {
  let size: Int
  /// Rest position of each texel; far away where no triangle is near.
  let rest: [SIMD3<Float>]
  /// Chart coordinates by vertex, −1 where the vertex is not of the face.
  let uv: [Float]

  init(_ kit: FaceKit, size: Int) {
    self.size = size
    let face = kit.triangles(of: "Face")
    var uv = [Float](repeating: -1, count: 2 * kit.vertexCount)
    for t in face {
      for k in 0..<3 {
        let (vertex, place) = (Int(kit.triangles[3 * t + k]), Int(kit.chartTriangles[3 * t + k]))
        uv[2 * vertex] = kit.chart[2 * place]
        uv[2 * vertex + 1] = kit.chart[2 * place + 1]
      }
    }
    self.uv = uv
    var corners: [Float] = []
    corners.reserveCapacity(9 * face.count)
    for t in face {
      for k in 0..<3 {
        let vertex = Int(kit.triangles[3 * t + k])
        corners += [uv[2 * vertex] * Float(size), uv[2 * vertex + 1] * Float(size), 0]
      }
    }
    let raster = TriangleRaster(corners, width: size, height: size)
    var rest = [SIMD3<Float>](repeating: Self.nowhere, count: size * size)
    for i in rest.indices {
      guard let (t, w1, w2) = raster[i] else { continue }
      let v = (0..<3).map { kit.vertex(Int(kit.triangles[3 * face[t] + $0])) }
      rest[i] = v[0] * (1 - w1 - w2) + v[1] * w1 + v[2] * w2
    }
    self.rest = Self.grown(rest, size: size)
  }

  static let nowhere = SIMD3<Float>(repeating: -1000)

  /// Continues the chart a few texels beyond its border, so that filters find something there.
  private static func grown(_ rest: [SIMD3<Float>], size: Int) -> [SIMD3<Float>] {
    var rest = rest
    for _ in 0..<6 {
      let before = rest
      for y in 0..<size {
        for x in 0..<size where before[y * size + x] == nowhere {
          for (dx, dy) in [(-1, 0), (1, 0), (0, -1), (0, 1)] {
            let (nx, ny) = (x + dx, y + dy)
            guard nx >= 0, ny >= 0, nx < size, ny < size, before[ny * size + nx] != nowhere else {
              continue
            }
            rest[y * size + x] = before[ny * size + nx]
            break
          }
        }
      }
    }
    return rest
  }

  /// Chart coordinates of a landmark in thousandths, v from above.
  func thousandths(_ vertex: Int) -> SIMD2<Double> {
    SIMD2(Double(uv[2 * vertex]) * 1000, (1 - Double(uv[2 * vertex + 1])) * 1000)
  }
}

/// Which triangle covers each pixel, and where in it.
struct TriangleRaster {
  private let triangle: [Int32]
  private let weights: [Float]

  /// - Parameter corners: nine numbers a triangle: x, y, height of each corner.
  init(_ corners: [Float], width: Int, height: Int) {
    var heights = [Float](repeating: 0, count: width * height)
    var triangle = [Int32](repeating: -1, count: width * height)
    var weights = [Float](repeating: 0, count: 2 * width * height)
    unsafe studio_chart(
      corners, Int32(corners.count / 9), Int32(width), Int32(height), &heights, &triangle, &weights)
    self.triangle = triangle
    self.weights = weights
  }

  /// Triangle and the weights of its second and third corner.
  subscript(pixel: Int) -> (triangle: Int, Float, Float)? {
    guard triangle[pixel] >= 0 else { return nil }
    return (Int(triangle[pixel]), weights[2 * pixel], weights[2 * pixel + 1])
  }
}

extension FaceKit {
  func vertex(_ i: Int) -> SIMD3<Float> {
    SIMD3(neutral[3 * i], neutral[3 * i + 1], neutral[3 * i + 2])
  }
}
