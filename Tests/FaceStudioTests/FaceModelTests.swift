import CFaceStudio
import Testing

@testable import FaceStudio

/// The steps that prepare a model.
@Suite struct FaceModelTests {
  @Test func nearestPointsAgreeWithTheirDefinition() {
    var random = RandomSource(seed: 8)
    func point() -> SIMD3<Float> {
      SIMD3(Float(random.uniform()), Float(random.uniform()), Float(random.uniform()))
    }
    let points = (0..<300).map { _ in point() }
    let queries = (0..<50).map { _ in point() }
    let found = NearestPoints.find(4, among: points, of: queries)
    for (i, query) in queries.enumerated() {
      let expected = points.indices.sorted {
        (length(points[$0] - query), $0) < (length(points[$1] - query), $1)
      }.prefix(4)
      #expect(found.indices[4 * i..<4 * i + 4].map(Int.init) == Array(expected))
      #expect(abs(found.distances[4 * i] - length(points[expected[0]] - query)) < 1e-6)
    }
  }

  @Test func neighboursAreMutualAndSorted() {
    let graph = Adjacency([SIMD3(0, 1, 2), SIMD3(2, 1, 3)], vertices: 5)
    #expect(Array(graph[0]) == [1, 2])
    #expect(Array(graph[1]) == [0, 2, 3])
    #expect(Array(graph[3]) == [1, 2])
    #expect(graph[4].isEmpty)
  }

  @Test func theBodyIsInsideAndTheAirOutside() throws {
    let field = BodyField(try FaceFixtures.model().kit, step: 1.2)
    #expect(field(SIMD3(0, 4, 0)) < -2)
    #expect(field(SIMD3(0, -28, 0)) < -2)
    #expect(field(SIMD3(0, 4, 16)) > 2)
    #expect(field(SIMD3(20, 10, 0)) > 5)
  }

  @Test func aSurfaceNetLiesOnItsLevel() throws {
    let field = BodyField(try FaceFixtures.model().kit, step: 1.2)
    let net = SurfaceNet(field, level: 0.5, below: -7)
    #expect(net.triangles.count > 200)
    for p in net.points { #expect(abs(field(p) - 0.5) < 0.8) }
    // Seen from outside, corners run counter-clockwise.
    let outward = net.triangles.count { t in
      let p = (0..<3).map { net.points[Int(t[$0])] }
      let normal = cross(p[1] - p[0], p[2] - p[0])
      let centre = (p[0] + p[1] + p[2]) / 3
      return field(centre + 0.3 * normal / length(normal)) > field(centre)
    }
    #expect(Double(outward) > 0.97 * Double(net.triangles.count))
  }

  @Test func masksLieWhereTheyShould() throws {
    let kit = try FaceFixtures.model().kit
    let paint = ChartPainting(chart: FaceChart(kit, size: 96))
    let masks = SkinMasks(paint, landmarks: kit.landmarks)
    func mean(_ mask: SkinMasks.Mask, _ condition: (SIMD3<Float>) -> Bool) -> Float {
      let places = paint.chart.rest.indices.filter {
        paint.chart.rest[$0] != FaceChart.nowhere && condition(paint.chart.rest[$0])
      }
      return places.reduce(0) { $0 + masks[mask][$1] } / Float(max(places.count, 1))
    }
    #expect(mean(.blush) { abs(abs($0.x) - 4.3) < 1 && abs($0.y) < 1 } > 0.4)
    #expect(mean(.blush) { $0.y > 11 } < 0.05)
    #expect(mean(.lips) { abs($0.x) < 1 && abs($0.y + 3.4) < 0.5 } > 0.5)
    #expect(mean(.lips) { $0.y > 2 } < 0.02)
    #expect(masks.bytes.count == 96 * 96 * 12)
  }

  @Test func eachToothHasItsOwnPlaces() throws {
    let kit = try FaceFixtures.model().kit
    let places = Teeth.places(kit)
    let vertices = Set(
      kit.triangles(of: "Teeth").flatMap { t in (0..<3).map { Int(kit.triangles[3 * t + $0]) } })
    #expect(vertices.count == 16)
    #expect(vertices.allSatisfy { abs(abs(places[$0]) - 1) < 0.01 })
    #expect(places.indices.allSatisfy { vertices.contains($0) || places[$0] == 0 })
  }

  @Test func rootsLieOnTheirTriangles() throws {
    let model = try FaceFixtures.model()
    unsafe check(model.raw.scalp, below: model.raw.vertex_count)
    unsafe check(model.raw.beard, below: model.raw.vertex_count)
    unsafe check(model.raw.brow, below: model.raw.vertex_count)
  }

  private func check(_ roots: studio_roots, below count: Int32) {
    let number = unsafe Int(roots.count)
    #expect(number > 100)
    for i in 0..<number {
      let (a, b) = unsafe (roots.weights[2 * i], roots.weights[2 * i + 1])
      #expect(a >= -1e-4 && b >= -1e-4 && a + b <= 1.0001)
      for k in 0..<3 {
        let vertex = unsafe roots.vertices[3 * i + k]
        #expect(vertex >= 0 && vertex < count)
      }
    }
  }

  @Test func halvesAreRead() {
    for value: Float16 in [0, 1, -2.5, 65504, 6.1e-5, 5.96e-8, -0.333] {
      #expect(HalfFloat.value(value.bitPattern) == Float(value))
    }
  }
}
