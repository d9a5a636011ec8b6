/// A triangle mesh of a level of a field (Gibson 1998), smoothed.
struct SurfaceNet {
  private(set) var points: [SIMD3<Float>] = []
  private(set) var triangles: [SIMD3<Int32>] = []

  /// - Parameters:
  ///   - level: the distance at which the surface lies.
  ///   - top: quads that reach this height are left out; so are those below −26.
  init(_ field: BodyField, level: Float, below top: Float) {
    let n = field.size
    func value(_ c: SIMD3<Int>) -> Float { field[c.x, c.y, c.z] - level }
    let corners = (0..<8).map { SIMD3($0 & 1, $0 >> 1 & 1, $0 >> 2) }
    var vertexOfCell: [SIMD3<Int>: Int] = [:]
    var all: [SIMD3<Float>] = []
    for x in 0..<n.x - 1 {
      for y in 0..<n.y - 1 {
        for z in 0..<n.z - 1 {
          let cell = SIMD3(x, y, z)
          let values = corners.map { value(cell &+ $0) }
          let inside = values.count { $0 < 0 }
          guard inside > 0, inside < 8 else { continue }
          var sum = SIMD3<Float>(repeating: 0)
          var count: Float = 0
          for (a, axis) in [
            (0, 1), (0, 2), (0, 4), (1, 2), (1, 4), (2, 1), (2, 4), (4, 1), (4, 2), (3, 4), (5, 2),
            (6, 1),
          ] {
            let b = a | axis
            guard (values[a] < 0) != (values[b] < 0) else { continue }
            let t = values[a] / (values[a] - values[b])
            let from = SIMD3<Float>(corners[a])
            sum += from + t * (SIMD3<Float>(corners[b]) - from)
            count += 1
          }
          vertexOfCell[cell] = all.count
          all.append(field.origin + field.step * (SIMD3<Float>(cell) + sum / count))
        }
      }
    }
    var quads: [[Int]] = []
    for axis in 0..<3 {
      let (u, w) = ((axis + 1) % 3, (axis + 2) % 3)
      var end = n
      end[axis] -= 1
      for x in 0..<end.x {
        for y in 0..<end.y {
          for z in 0..<end.z {
            let from = SIMD3(x, y, z)
            guard from[u] > 0, from[w] > 0 else { continue }
            var to = from
            to[axis] += 1
            let isInside = value(from) < 0
            guard isInside != (value(to) < 0) else { continue }
            let quad = [(0, 0), (1, 0), (1, 1), (0, 1)].compactMap { du, dw -> Int? in
              var cell = from
              cell[u] -= du
              cell[w] -= dw
              return vertexOfCell[cell]
            }
            guard quad.count == 4 else { continue }
            quads.append(isInside ? quad : quad.reversed())
          }
        }
      }
    }
    quads = quads.filter { quad in
      let heights = quad.map { all[$0].y }
      return heights.max()! < top && heights.min()! > -26
    }
    keep(quads, of: all, field: field)
    smooth()
  }

  private mutating func keep(_ quads: [[Int]], of all: [SIMD3<Float>], field: BodyField) {
    let used = Set(quads.joined()).sorted()
    let number = Dictionary(uniqueKeysWithValues: zip(used, used.indices))
    points = used.map { all[$0] }
    for quad in quads {
      let q = quad.map { Int32(number[$0]!) }
      for corners in [SIMD3(q[0], q[1], q[2]), SIMD3(q[0], q[2], q[3])] {
        let p = (0..<3).map { points[Int(corners[$0])] }
        let normal = cross(p[1] - p[0], p[2] - p[0])
        let centre = (p[0] + p[1] + p[2]) / 3
        let h = field.step
        let outward = SIMD3(
          field(centre + SIMD3(h, 0, 0)) - field(centre - SIMD3(h, 0, 0)),
          field(centre + SIMD3(0, h, 0)) - field(centre - SIMD3(0, h, 0)),
          field(centre + SIMD3(0, 0, h)) - field(centre - SIMD3(0, 0, h)))
        triangles.append(
          dot(normal, outward) < 0 ? SIMD3(corners.x, corners.z, corners.y) : corners)
      }
    }
  }

  private mutating func smooth() {
    let neighbours = Adjacency(triangles, vertices: points.count)
    for _ in 0..<2 {
      let before = points
      for i in points.indices {
        let around = neighbours[i]
        guard !around.isEmpty else { continue }
        let mean =
          around.reduce(SIMD3<Float>(repeating: 0)) { $0 + before[Int($1)] } / Float(around.count)
        points[i] = 0.5 * before[i] + 0.5 * mean
      }
    }
  }

  /// Only the triangles all of whose corners qualify.
  mutating func keepTriangles(where qualifies: (SIMD3<Float>) -> Bool) {
    triangles = triangles.filter { t in (0..<3).allSatisfy { qualifies(points[Int(t[$0])]) } }
  }
}

/// The vertices that share an edge with each vertex, in ascending order.
struct Adjacency {
  /// [vertex + 1]: where each one's neighbours begin.
  let starts: [Int32]
  let neighbours: [Int32]

  init(_ triangles: [SIMD3<Int32>], vertices: Int) {
    var sets = [[Int32]](repeating: [], count: vertices)
    for t in triangles {
      for (a, b) in [(t.x, t.y), (t.y, t.z), (t.z, t.x)] {
        sets[Int(a)].append(b)
        sets[Int(b)].append(a)
      }
    }
    var starts: [Int32] = [0]
    var neighbours: [Int32] = []
    for set in sets {
      var last: Int32 = -1
      for neighbour in set.sorted() where neighbour != last {
        neighbours.append(neighbour)
        last = neighbour
      }
      starts.append(Int32(neighbours.count))
    }
    self.starts = starts
    self.neighbours = neighbours
  }

  subscript(vertex: Int) -> ArraySlice<Int32> {
    neighbours[Int(starts[vertex])..<Int(starts[vertex + 1])]
  }
}
