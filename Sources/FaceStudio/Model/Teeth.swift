/// Where each vertex of the teeth lies across its own tooth. The teeth of the basis are separate
/// pieces, so each connected piece is one.
enum Teeth {
  /// −1…1 along the dental arch, 0 for other vertices.
  static func places(_ kit: FaceKit) -> [Float] {
    var places = [Float](repeating: 0, count: kit.vertexCount)
    let triangles = kit.triangles(of: "Teeth")
    var parent = Array(0..<kit.vertexCount)
    func root(_ i: Int) -> Int {
      var i = i
      while parent[i] != i {
        parent[i] = parent[parent[i]]
        i = parent[i]
      }
      return i
    }
    for t in triangles {
      let v = (0..<3).map { Int(kit.triangles[3 * t + $0]) }
      parent[root(v[0])] = root(v[1])
      parent[root(v[1])] = root(v[2])
    }
    let members = Dictionary(
      grouping: Set(triangles.flatMap { t in (0..<3).map { Int(kit.triangles[3 * t + $0]) } }),
      by: root)
    for tooth in members.values {
      let centre =
        tooth.reduce(SIMD3<Float>(repeating: 0)) { $0 + kit.vertex($1) } / Float(tooth.count)
      // Across the arch's radius about a point between the molars.
      var along = SIMD3(centre.z - 5, 0, -centre.x)
      along /= max(length(along), 1e-6)
      let offsets = tooth.map { dot(kit.vertex($0) - centre, along) }
      let reach = max(offsets.map(abs).max()!, 1e-6)
      for (vertex, offset) in zip(tooth, offsets) { places[vertex] = offset / reach }
    }
    return places
  }
}
