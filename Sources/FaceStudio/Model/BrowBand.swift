/// The band above the eyes in which brows grow: its middle line and half its height by the distance
/// from the nose, and roots all over it, more than any one brow uses.
struct BrowBand {
  static let inner = 1.05
  static let outer = 5.85
  private static let line = MonotoneCurve(
    [1.15, 2.2, 3.4, 4.6, 5.75], [5.20, 5.44, 5.58, 5.38, 4.85])
  private static let half = MonotoneCurve(
    [1.15, 2.2, 3.4, 4.6, 5.75], [0.38, 0.38, 0.34, 0.30, 0.22])

  let roots: HairRoots
  /// [root][3]: along 0…1, across in half heights, side ±1
  let places: [Float]

  /// The middle line and half height at `count` places along.
  static func tables(_ count: Int) -> (line: [Float], half: [Float]) {
    let xs = (0..<count).map { inner + (outer - inner) * Double($0) / Double(count - 1) }
    return (xs.map { Float(line($0)) }, xs.map { Float(half($0)) })
  }

  init(_ kit: FaceKit, face: [SIMD3<Int32>], perSide: Int) {
    // Roots are found on a frontal picture of the face, a hundredth of a centimetre a pixel.
    let (width, scale) = (1600, Float(100))
    let corners = face.flatMap { t in
      (0..<3).flatMap { k -> [Float] in
        let p = kit.vertex(Int(t[k]))
        return [(p.x + 8) * scale, (p.y + 2) * scale, p.z]
      }
    }
    let raster = TriangleRaster(corners, width: width, height: width)
    var random = RandomSource(seed: 4)
    var found: [(triangle: SIMD3<Int32>, a: Float, b: Float, place: [Float])] = []
    for side: Double in [1, -1] {
      for _ in 0..<perSide {
        let (t, s) = (random.uniform(), random.uniform(-2.7, 2.7))
        let x = Self.inner + t * (Self.outer - Self.inner)
        let y = Self.line(x) + s * Self.half(x)
        let (column, row) = (Int((side * x + 8) * 100), Int((y + 2) * 100))
        guard (0..<width).contains(column), (0..<width).contains(row),
          let hit = raster[row * width + column]
        else { continue }
        found.append((face[hit.triangle], hit.1, hit.2, [Float(t), Float(s), Float(side)]))
      }
    }
    random.shuffle(&found)
    var roots = HairRoots()
    for root in found { roots.add(root.triangle, root.a, root.b) }
    self.roots = roots
    places = found.flatMap(\.place)
  }
}
