import CFaceStudio

/// The signed distance to head, neck and a body added below them, on a grid; rest space, cm.
struct BodyField {
  let origin = SIMD3<Float>(-27, -34, -15)
  let step: Float
  let size: SIMD3<Int>
  /// [x][y][z]
  private(set) var values: [Float]

  /// - Parameter step: between grid points, cm; 0.6 for pictures.
  init(_ kit: FaceKit, step: Float) {
    self.step = step
    let extent = SIMD3<Float>(54, 54, 34)
    let steps = (extent / step).rounded(.up)
    size = SIMD3(Int(steps.x) + 1, Int(steps.y) + 1, Int(steps.z) + 1)
    let points = Self.points(size: size, origin: origin, step: step)
    values = Self.headDistance(kit, points)
    for i in values.indices { values[i] = Self.joined(values[i], points[i]) }
    blur(0.3 / step)
  }

  private static func points(
    size: SIMD3<Int>, origin: SIMD3<Float>, step: Float
  ) -> [SIMD3<Float>] {
    var points: [SIMD3<Float>] = []
    points.reserveCapacity(size.x * size.y * size.z)
    for x in 0..<size.x {
      for y in 0..<size.y {
        for z in 0..<size.z {
          points.append(origin + step * SIMD3(Float(x), Float(y), Float(z)))
        }
      }
    }
    return points
  }

  /// Point-to-plane distance to the six nearest triangles.
  private static func headDistance(_ kit: FaceKit, _ points: [SIMD3<Float>]) -> [Float] {
    let socket = Set(
      kit.triangles(of: "EyeSocketL", "EyeSocketR", "MouthSocket").flatMap { t in
        (0..<3).map { kit.triangles[3 * t + $0] }
      })
    var centres: [SIMD3<Float>] = []
    var normals: [SIMD3<Float>] = []
    func add(_ t: Int, where condition: (SIMD3<Float>) -> Bool = { _ in true }) {
      let v = (0..<3).map { kit.vertex(Int(kit.triangles[3 * t + $0])) }
      let centre = (v[0] + v[1] + v[2]) / 3
      guard condition(centre) else { return }
      let normal = cross(v[1] - v[0], v[2] - v[0])
      centres.append(centre)
      normals.append(normal / (length(normal) + 1e-12))
    }
    for t in kit.triangles(of: "Face", "HeadNeck")
    where !(0..<3).allSatisfy({ socket.contains(kit.triangles[3 * t + $0]) }) {
      add(t)
    }
    // The eye balls close the sockets.
    for t in kit.triangles(of: "ScleraL", "ScleraR") { add(t) { $0.z > 8.6 } }
    let k = min(6, centres.count)
    let near = NearestPoints.find(k, among: centres, of: points)
    return points.indices.map { i in
      let p = points[i]
      var normal = SIMD3<Float>(repeating: 0)
      var centre = SIMD3<Float>(repeating: 0)
      var total: Float = 0
      for j in 0..<k {
        let index = Int(near.indices[i * k + j])
        let weight = 1 / (near.distances[i * k + j] + 0.3)
        normal += normals[index] * weight
        centre += centres[index] * weight
        total += weight
      }
      let plane = dot(p - centre / total, normal / (length(normal) + 1e-9))
      let nearest = near.distances[i * k]
      var distance = nearest > 1.2 ? (plane >= 0 ? nearest : -nearest) : plane
      let inside = length((p - SIMD3(0, 5, 0.5)) / SIMD3(6.5, 8.5, 7.5)) < 1
      if inside { distance = -abs(distance) }
      return distance
    }
  }

  /// The head's distance, faded out at its open rim, joined to neck, chest, shoulders and arms.
  private static func joined(_ head: Float, _ p: SIMD3<Float>) -> Float {
    func capsule(_ a: SIMD3<Float>, _ b: SIMD3<Float>, _ radius: Float) -> Float {
      let t = clamp(dot(p - a, b - a) / dot(b - a, b - a), 0, 1)
      return length(p - a - (b - a) * t) - radius
    }
    func smoothMinimum(_ a: Float, _ b: Float, _ k: Float) -> Float {
      let h = clamp(0.5 + 0.5 * (b - a) / k, 0, 1)
      return b * (1 - h) + a * h - k * h * (1 - h)
    }
    let chest = (length((p - SIMD3(0, -31, -1)) / SIMD3(16.5, 15.5, 9)) - 1) * 9
    var body = chest
    for s: Float in [-1, 1] {
      body = smoothMinimum(
        body, capsule(SIMD3(s * 4, -15.6, -3.6), SIMD3(s * 16, -19, -3.4), 3.6), 2.5)
      body = smoothMinimum(
        body, capsule(SIMD3(s * 17.4, -20.6, -3.2), SIMD3(s * 20.5, -38, -2), 4.3), 2)
      body = smoothMinimum(
        body, capsule(SIMD3(s * 3, -10.5, -3.2), SIMD3(s * 8, -15.5, -3.6), 2.4), 2)
    }
    let side = clamp((abs(p.x) - 9.5) / 2, 0, 1) * clamp((-12 - p.y) / 2, 0, 1)
    let rim = max(side, clamp((-15 - p.y) / 2.5, 0, 1))
    let all = smoothMinimum(head + rim * 8, body, 1.2)
    guard p.y < -8 else { return all }
    return min(all, capsule(SIMD3(0, -2, -0.5), SIMD3(0, -20, -3), 4.9))
  }

  mutating func blur(_ sigma: Float) {
    let (x, y, z) = (Int32(size.x), Int32(size.y), Int32(size.z))
    unsafe studio_blur(&values, 1, x, y * z, sigma, 0)
    unsafe studio_blur(&values, x, y, z, sigma, 0)
    unsafe studio_blur(&values, x * y, z, 1, sigma, 0)
  }

  subscript(x: Int, y: Int, z: Int) -> Float {
    values[(x * size.y + y) * size.z + z]
  }

  /// Trilinear, continued beyond the edges.
  func callAsFunction(_ p: SIMD3<Float>) -> Float {
    let q = (p - origin) / step
    let x = clamp(q.x, 0, Float(size.x) - 1.001)
    let y = clamp(q.y, 0, Float(size.y) - 1.001)
    let z = clamp(q.z, 0, Float(size.z) - 1.001)
    let (i, j, k) = (Int(x), Int(y), Int(z))
    let (fx, fy, fz) = (x - Float(i), y - Float(j), z - Float(k))
    func line(_ i: Int, _ j: Int) -> Float {
      self[i, j, k] + (self[i, j, k + 1] - self[i, j, k]) * fz
    }
    let a = line(i, j) + (line(i, j + 1) - line(i, j)) * fy
    let b = line(i + 1, j) + (line(i + 1, j + 1) - line(i + 1, j)) * fy
    return a + (b - a) * fx
  }

  /// Every `factor`th grid point of a blurred copy.
  func coarse(_ factor: Int, blurred sigma: Float) -> BodyField {
    var field = self
    field.blur(sigma)
    return BodyField(thinning: field, by: factor)
  }

  private init(thinning fine: BodyField, by factor: Int) {
    step = fine.step * Float(factor)
    let size = SIMD3(
      (fine.size.x + factor - 1) / factor, (fine.size.y + factor - 1) / factor,
      (fine.size.z + factor - 1) / factor)
    self.size = size
    values = (0..<size.x * size.y * size.z).map { i in
      let (x, rest) = i.quotientAndRemainder(dividingBy: size.y * size.z)
      return fine[factor * x, factor * (rest / size.z), factor * (rest % size.z)]
    }
  }
}
