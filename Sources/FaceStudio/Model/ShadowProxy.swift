/// A coarse skin for shadow maps: vertices clustered in cells, smaller ones in the middle of the
/// face, each cluster stood for by the vertex nearest to its mean, so that it deforms with the face.
enum ShadowProxy {
  static func triangles(_ kit: FaceKit, skin: [SIMD3<Int32>]) -> [SIMD3<Int32>] {
    var cluster: [SIMD4<Int32>: Int] = [:]
    var clusterOf = [Int](repeating: 0, count: kit.vertexCount)
    var sums: [SIMD3<Float>] = []
    var counts: [Float] = []
    for i in 0..<kit.vertexCount {
      let p = kit.vertex(i)
      let isFine = abs(p.x) < 5.5 && p.y > -6 && p.y < 6.5 && p.z > 8
      let cell = (p / (isFine ? 0.5 : 1.1)).rounded(.down)
      let key = SIMD4(isFine ? 1 : 0, Int32(cell.x), Int32(cell.y), Int32(cell.z))
      if cluster[key] == nil {
        cluster[key] = sums.count
        sums.append(SIMD3(repeating: 0))
        counts.append(0)
      }
      let c = cluster[key]!
      clusterOf[i] = c
      sums[c] += p
      counts[c] += 1
    }
    var stand = [Int32](repeating: 0, count: sums.count)
    var best = [Float](repeating: .infinity, count: sums.count)
    for i in 0..<kit.vertexCount {
      let c = clusterOf[i]
      let distance = length(kit.vertex(i) - sums[c] / counts[c])
      if distance < best[c] { (best[c], stand[c]) = (distance, Int32(i)) }
    }
    var known: Set<SIMD3<Int32>> = []
    return skin.compactMap { t in
      let q = SIMD3(
        stand[clusterOf[Int(t.x)]], stand[clusterOf[Int(t.y)]], stand[clusterOf[Int(t.z)]])
      guard q.x != q.y, q.y != q.z, q.x != q.z else { return nil }
      let sorted = [q.x, q.y, q.z].sorted()
      return known.insert(SIMD3(sorted[0], sorted[1], sorted[2])).inserted ? q : nil
    }
  }
}
