/// The basis's lash strips as grids: 19 columns along the lid, 6 rows from root to tip; three strips
/// on each upper lid, three on each lower one.
struct LashGrids {
  /// [12][19][6]
  let vertices: [Int32]

  /// Vertex numbers of the first strips in the model the basis was taken from.
  private static let firstVertex = ["EyelashL": 25351, "EyelashR": 26035]

  init(_ kit: FaceKit) throws(FaceKitError) {
    let byOriginal = Dictionary(
      zip(kit.originalVertex, kit.originalVertex.indices), uniquingKeysWith: { first, _ in first })
    var uv = [SIMD2<Float>](repeating: SIMD2(0, 0), count: kit.vertexCount)
    for t in kit.triangles(of: "EyelashL", "EyelashR") {
      for k in 0..<3 {
        let place = Int(kit.chartTriangles[3 * t + k])
        uv[Int(kit.triangles[3 * t + k])] = SIMD2(kit.chart[2 * place], kit.chart[2 * place + 1])
      }
    }
    var vertices: [Int32] = []
    for name in ["EyelashL", "EyelashR"] {
      for strip in 0..<6 {
        let first = Self.firstVertex[name]! + 114 * strip
        var strips: [Int] = []
        for original in first..<first + 114 {
          guard let vertex = byOriginal[original] else {
            throw .missing(path: kit.path, what: "lash vertex \(original) of \(name)")
          }
          strips.append(vertex)
        }
        let us = strips.map { uv[$0].x }
        let vs = strips.map { uv[$0].y }
        let (left, width) = (us.min()!, max(us.max()! - us.min()!, 1e-9))
        let (top, height) = (vs.max()!, max(vs.max()! - vs.min()!, 1e-9))
        var grid = [Int32](repeating: -1, count: 114)
        for vertex in strips {
          let column = Int(((uv[vertex].x - left) / width * 18).rounded())
          let row = Int(((top - uv[vertex].y) / height * 5).rounded())
          grid[column * 6 + row] = Int32(vertex)
        }
        guard !grid.contains(-1) else {
          throw .missing(path: kit.path, what: "a grid of 19 by 6 lash vertices in \(name)")
        }
        vertices += grid
      }
    }
    self.vertices = vertices
  }

  /// The rest positions of the roots of all upper, or all lower lashes.
  func roots(upper: Bool, of kit: FaceKit) -> [SIMD3<Float>] {
    (0..<12).filter { ($0 % 6 < 3) == upper }.flatMap { strip in
      (0..<19).map { kit.vertex(Int(vertices[(strip * 19 + $0) * 6])) }
    }
  }
}
