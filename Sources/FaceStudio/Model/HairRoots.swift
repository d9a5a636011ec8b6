/// Points on triangles from which hair grows.
struct HairRoots {
  /// [root][3]
  private(set) var vertices: [Int32] = []
  /// [root][2]: weights of the second and third vertex
  private(set) var weights: [Float] = []
  var count: Int { weights.count / 2 }

  mutating func add(_ triangle: SIMD3<Int32>, _ w1: Float, _ w2: Float) {
    vertices += [triangle.x, triangle.y, triangle.z]
    weights += [w1, w2]
  }

  /// A uniform point of a triangle.
  mutating func add(_ triangle: SIMD3<Int32>, from random: inout RandomSource) {
    var (a, b) = (random.uniform(), random.uniform())
    if a + b > 1 { (a, b) = (1 - a, 1 - b) }
    add(triangle, Float(a), Float(b))
  }

  func rest(_ i: Int, of kit: FaceKit) -> SIMD3<Float> {
    let v = (0..<3).map { kit.vertex(Int(vertices[3 * i + $0])) }
    let (a, b) = (weights[2 * i], weights[2 * i + 1])
    return v[0] * (1 - a - b) + v[1] * a + v[2] * b
  }

  private static func area(_ t: SIMD3<Int32>, _ kit: FaceKit) -> Double {
    let v = (0..<3).map { kit.vertex(Int(t[$0])) }
    return 0.5 * Double(length(cross(v[1] - v[0], v[2] - v[0])))
  }

  /// Triangles drawn by weight: systematically, so that they cover evenly, then in random order, so
  /// that every beginning of the list covers evenly too.
  private static func draw(
    _ count: Int, weights: [Double], from random: inout RandomSource
  ) -> [Int] {
    let total = weights.reduce(0, +)
    guard total > 0 else { return [] }
    var chosen: [Int] = []
    var (sum, index) = (weights[0], 0)
    for k in 0..<count {
      let mark = (Double(k) + random.uniform()) / Double(count) * total
      while sum < mark, index < weights.count - 1 {
        index += 1
        sum += weights[index]
      }
      chosen.append(index)
    }
    random.shuffle(&chosen)
    return chosen
  }

  /// Roots on the scalp and the nape, none on ears and face.
  static func scalp(
    _ kit: FaceKit, skin: [SIMD3<Int32>], sockets: Set<Int32>, ear: [Float], count: Int
  ) -> HairRoots {
    var random = RandomSource(seed: 2)
    let weights = skin.map { t -> Double in
      let v = (0..<3).map { kit.vertex(Int(t[$0])) }
      let c = (v[0] + v[1] + v[2]) / 3
      let isSocket = (0..<3).allSatisfy { sockets.contains(t[$0]) }
      let isEar =
        (0..<3).contains { ear[Int(t[$0])] > 0.05 }
        || (abs(c.x) > 6.4 && c.y > -3 && c.y < 2.5 && c.z > -1.5 && c.z < 1.6)
      let onTop = c.y > 0 && c.z < 9.5 && c.y + 0.35 * max(c.z - 3, 0) > -1
      let behind = c.z < -1 && c.y > -6.5
      guard !isSocket, !isEar, onTop || c.y > 7.5 || behind, c.y > -6.5,
        !(c.y < 4 && c.z > 4.5)
      else { return 0 }
      return area(t, kit)
    }
    var roots = HairRoots()
    for index in draw(count, weights: weights, from: &random) {
      roots.add(skin[index], from: &random)
    }
    return roots
  }

  /// Roots of a beard, with the weight of each region at each.
  static func beard(
    _ kit: FaceKit, face: [SIMD3<Int32>], chart: FaceChart, masks: SkinMasks, count: Int
  ) -> (roots: HairRoots, regions: [Float]) {
    let regions: [SkinMasks.Mask] = [.moustache, .chin, .jaw, .sideburn, .neck]
    func texel(_ t: SIMD3<Int32>, _ a: Float, _ b: Float) -> Int {
      let w = [1 - a - b, a, b]
      let uv = (0..<3).reduce(SIMD2<Float>(0, 0)) { sum, k in
        sum + w[k] * SIMD2(chart.uv[2 * Int(t[k])], chart.uv[2 * Int(t[k]) + 1])
      }
      let x = min(max(Int(uv.x * Float(chart.size)), 0), chart.size - 1)
      let y = min(max(Int(uv.y * Float(chart.size)), 0), chart.size - 1)
      return y * chart.size + x
    }
    var random = RandomSource(seed: 3)
    let weights = face.map { t -> Double in
      let at = texel(t, 1 / 3, 1 / 3)
      return area(t, kit) * Double(regions.map { masks[$0][at] }.max()!)
    }
    var roots = HairRoots()
    for index in draw(count, weights: weights, from: &random) {
      roots.add(face[index], from: &random)
    }
    let values = (0..<roots.count).flatMap { i -> [Float] in
      let v = roots.vertices[3 * i..<3 * i + 3]
      let t = SIMD3(v[v.startIndex], v[v.startIndex + 1], v[v.startIndex + 2])
      let at = texel(t, roots.weights[2 * i], roots.weights[2 * i + 1])
      return regions.map { masks[$0][at] }
    }
    return (roots, values)
  }
}
