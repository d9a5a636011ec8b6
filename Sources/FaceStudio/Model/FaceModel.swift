import CFaceStudio
import Glibc

/// The renderer's view of a basis: mesh with a body and garments added, masks, hair roots, shadow
/// casters. Made once; read by any number of scenes at a time.
@safe
package final class FaceModel: @unchecked Sendable {
  /// How fine the prepared data is.
  package struct Detail: Sendable {
    /// Texels along a side of the face chart.
    package var chart = 1024
    /// Between points of the distance field, cm.
    package var fieldStep: Float = 0.6
    package var scalpRoots = 60_000
    package var beardRoots = 24_000
    package var browRootsPerSide = 6_500
    package init() {}
  }

  package let kit: FaceKit
  let raw: studio_model
  private var owned: [UnsafeMutableRawPointer]

  package init(_ kit: FaceKit, detail: Detail = Detail()) throws(FaceKitError) {
    self.kit = kit
    var store = ArrayStore()
    do throws(FaceKitError) {
      unsafe raw = unsafe try Self.prepare(kit, detail, &store)
    } catch {
      unsafe store.pointers.forEach { unsafe free($0) }
      throw error
    }
    unsafe owned = unsafe store.pointers
  }

  deinit { unsafe owned.forEach { unsafe free($0) } }

  /// Vertices of triangles, by the renderer's materials, in the basis's order.
  private struct Mesh {
    var triangles: [SIMD3<Int32>] = []
    var materials: [UInt8] = []

    mutating func add(_ kit: FaceKit, _ part: String, _ material: Int) {
      for t in kit.triangles(of: part) {
        triangles.append(
          SIMD3(kit.triangles[3 * t], kit.triangles[3 * t + 1], kit.triangles[3 * t + 2]))
        materials.append(UInt8(material))
      }
    }

    func only(_ wanted: ClosedRange<Int>) -> [SIMD3<Int32>] {
      zip(triangles, materials).filter { wanted.contains(Int($0.1)) }.map(\.0)
    }
  }

  private static func prepare(
    _ kit: FaceKit, _ detail: Detail, _ store: inout ArrayStore
  ) throws(FaceKitError) -> studio_model {
    let lashes = try LashGrids(kit)
    var mesh = Mesh()
    mesh.add(kit, "Face", STUDIO_FACE)
    for part in ["HeadNeck", "EyeSocketL", "EyeSocketR"] { mesh.add(kit, part, STUDIO_SKIN) }
    mesh.add(kit, "MouthSocket", STUDIO_MOUTH)
    mesh.add(kit, "GumsTongue", STUDIO_GUMS)
    mesh.add(kit, "Teeth", STUDIO_TEETH)
    mesh.add(kit, "ScleraL", STUDIO_EYE_LEFT)
    mesh.add(kit, "ScleraR", STUDIO_EYE_RIGHT)
    let face = mesh.only(STUDIO_FACE...STUDIO_FACE)
    let head = mesh.only(STUDIO_FACE...STUDIO_SKIN)

    // A body: bare skin that continues the bust, and a garment around it.
    let field = BodyField(kit, step: detail.fieldStep)
    let coarse = field.coarse(
      max(1, Int((1.2 / detail.fieldStep).rounded())), blurred: 0.36 / detail.fieldStep)
    var bare = SurfaceNet(coarse, level: -0.05, below: -11)
    bare.keepTriangles { abs($0.x) > 10.8 || $0.y < -17.5 }
    let garment = SurfaceNet(coarse, level: 0.55, below: -7)
    let basisCount = kit.vertexCount
    let garmentStart = Int32(basisCount + bare.points.count)
    let cloth = garment.triangles.map { $0 &+ garmentStart }
    mesh.triangles += bare.triangles.map { $0 &+ Int32(basisCount) } + cloth
    mesh.materials += [UInt8](repeating: UInt8(STUDIO_SKIN), count: bare.triangles.count)
    mesh.materials += [UInt8](repeating: UInt8(STUDIO_CLOTH), count: cloth.count)
    let extra = bare.points + garment.points
    let rest = (0..<basisCount).map { kit.vertex($0) } + extra

    var kinds = [UInt8](repeating: 9, count: rest.count)
    for material in stride(from: STUDIO_CLOTH, through: STUDIO_FACE, by: -1) {
      for (t, m) in zip(mesh.triangles, mesh.materials) where Int(m) == material {
        for k in 0..<3 { kinds[Int(t[k])] = UInt8(material) }
      }
    }

    let chart = FaceChart(kit, size: detail.chart)
    let paint = ChartPainting(chart: chart)
    let masks = SkinMasks(paint, landmarks: kit.landmarks)
    let relief = WrinkleRelief(paint, lips: masks[.lips])

    let sockets = Set(
      kit.triangles(of: "EyeSocketL", "EyeSocketR", "MouthSocket").flatMap { t in
        (0..<3).map { kit.triangles[3 * t + $0] }
      })
    let margins = Self.margins(kit, rest: rest, field: field, lashes: lashes)
    let scalp = HairRoots.scalp(
      kit, skin: head, sockets: sockets, ear: margins.ear, count: detail.scalpRoots)
    let places = (0..<scalp.count).map { scalp.rest($0, of: kit) }
    guard places.count >= STUDIO_GUIDES else {
      throw .missing(path: kit.path, what: "a scalp for hair to grow on")
    }
    let beard = HairRoots.beard(
      kit, face: face, chart: chart, masks: masks, count: detail.beardRoots)
    let brow = BrowBand(kit, face: face, perSide: detail.browRootsPerSide)
    let browTables = BrowBand.tables(STUDIO_BROW_STEPS)

    let skinVertices = Set(head.flatMap { [$0.x, $0.y, $0.z] }).sorted()
    let binding = NearestPoints.find(
      6, among: skinVertices.map { kit.vertex(Int($0)) }, of: extra)
    let bindingWeights = stride(from: 0, to: binding.distances.count, by: 6).flatMap { i in
      let w = binding.distances[i..<i + 6].map { 1 / (($0 + 0.6) * ($0 + 0.6)) }
      let sum = w.reduce(0, +)
      return w.map { $0 / sum }
    }
    let proxy = ShadowProxy.triangles(kit, skin: head)
    let adjacency = Adjacency(mesh.only(STUDIO_FACE...STUDIO_SKIN), vertices: rest.count)

    var m = unsafe studio_model()
    unsafe m.vertex_count = Int32(rest.count)
    unsafe m.basis_vertex_count = Int32(basisCount)
    unsafe m.triangle_count = Int32(mesh.triangles.count)
    unsafe m.rest = store.keep(flat(rest))
    unsafe m.triangles = store.keep(Self.corners(mesh.triangles))
    unsafe m.material = store.keep(mesh.materials)
    unsafe m.vertex_material = store.keep(kinds)
    unsafe m.uv = store.keep(chart.uv + [Float](repeating: -1, count: 2 * extra.count))
    unsafe m.head_weight = store.keep(rest.map { smoothstep(-15.5, -5, $0.y) })
    unsafe m.lid = store.keep(
      rest.indices.flatMap { [margins.ear[$0], margins.upper[$0], margins.lower[$0]] })
    unsafe m.tooth_place = store.keep(
      Teeth.places(kit) + [Float](repeating: 0, count: extra.count))
    unsafe m.neighbour_start = store.keep(adjacency.starts)
    unsafe m.neighbours = store.keep(adjacency.neighbours)
    unsafe m.identity = store.keep(kit.identity)
    unsafe m.expression = store.keep(kit.expression)
    unsafe m.binding = store.keep(binding.indices.map { skinVertices[Int($0)] })
    unsafe m.binding_weight = store.keep(bindingWeights)
    unsafe m.proxy_count = Int32(proxy.count)
    unsafe m.proxy = store.keep(Self.corners(proxy))
    unsafe m.proxy_cloth_count = Int32(cloth.count)
    unsafe m.proxy_cloth = store.keep(Self.corners(cloth))
    unsafe m.mask_size = Int32(detail.chart)
    unsafe m.masks = store.keep(masks.bytes)
    unsafe m.wrinkles = store.keep(relief.bytes)
    unsafe m.sdf = store.keep(field.values)
    unsafe m.sdf_size = (Int32(field.size.x), Int32(field.size.y), Int32(field.size.z))
    unsafe m.sdf_origin = (field.origin.x, field.origin.y, field.origin.z)
    unsafe m.sdf_step = field.step
    unsafe m.scalp = store.keep(scalp)
    unsafe m.beard = store.keep(beard.roots)
    unsafe m.beard_region = store.keep(beard.regions)
    unsafe m.brow = store.keep(brow.roots)
    unsafe m.brow_place = store.keep(brow.places)
    unsafe m.brow_line = store.keep(browTables.line)
    unsafe m.brow_half = store.keep(browTables.half)
    unsafe m.scalp_guide = store.keep(
      NearestPoints.find(1, among: Array(places[..<STUDIO_GUIDES]), of: places).indices)
    unsafe m.scalp_coarse_guide = store.keep(
      NearestPoints.find(1, among: Array(places[..<STUDIO_COARSE_GUIDES]), of: places).indices)
    unsafe m.lashes = store.keep(lashes.vertices)
    unsafe m.landmarks = store.keep(kit.landmarks)
    let (left, right) = (try Self.eyeRange(kit, "ScleraL"), try Self.eyeRange(kit, "ScleraR"))
    unsafe m.eye_range = ((left.0, left.1), (right.0, right.1))
    unsafe m.eye_centre = ((3.1165, 3.6016, 7.9823), (-3.1165, 3.6016, 7.9823))
    unsafe m.eye_radius = 1.577
    return unsafe m
  }

  private static func corners(_ triangles: [SIMD3<Int32>]) -> [Int32] {
    triangles.flatMap { [$0.x, $0.y, $0.z] }
  }

  /// First vertex and one past the last; the ball's vertices must follow each other.
  private static func eyeRange(
    _ kit: FaceKit, _ part: String
  ) throws(FaceKitError) -> (Int32, Int32) {
    let used = Set(
      kit.triangles(of: part).flatMap { t in (0..<3).map { kit.triangles[3 * t + $0] } })
    guard let first = used.min(), let last = used.max(), Int(last - first) + 1 == used.count else {
      throw .missing(path: kit.path, what: "an eye ball \(part) of consecutive vertices")
    }
    return (first, last + 1)
  }

  /// By vertex: how much it is ear, upper and lower lid margin, 0…1.
  private static func margins(
    _ kit: FaceKit, rest: [SIMD3<Float>], field: BodyField, lashes: LashGrids
  ) -> (ear: [Float], upper: [Float], lower: [Float]) {
    // Thin flaps are where the blurred distance field is far from the surface.
    var blurred = field
    blurred.blur(1.44 / field.step)
    let basis = 0..<kit.vertexCount
    let ear = rest.indices.map { i -> Float in
      let p = rest[i]
      guard basis.contains(i), abs(p.x) > 6, p.y > -3, p.y < 4.3, p.z > -3, p.z < 3 else {
        return 0
      }
      return clamp((blurred(p) - 0.42) / 0.25, 0, 1)
    }
    func near(_ points: [SIMD3<Float>], _ width: Float) -> [Float] {
      let found = NearestPoints.find(1, among: points, of: rest)
      return rest.indices.map { i in
        let d = found.distances[i] / width
        return basis.contains(i) ? expf(-d * d) : 0
      }
    }
    return (
      ear, near(lashes.roots(upper: true, of: kit), 0.17),
      near(lashes.roots(upper: false, of: kit), 0.15)
    )
  }
}

/// Copies of arrays at addresses that stay.
@safe
private struct ArrayStore {
  private(set) var pointers: [UnsafeMutableRawPointer] = unsafe []

  mutating func keep<T: BitwiseCopyable>(_ values: [T]) -> UnsafePointer<T> {
    let bytes = values.count * MemoryLayout<T>.stride
    guard let memory = unsafe aligned_alloc(64, (bytes + 127) / 64 * 64) else {
      preconditionFailure("no memory for \(bytes) bytes of the face model")
    }
    unsafe values.withUnsafeBytes {
      unsafe memory.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: bytes)
    }
    unsafe pointers.append(memory)
    return unsafe UnsafePointer(memory.assumingMemoryBound(to: T.self))
  }

  mutating func keep(_ roots: HairRoots) -> studio_roots {
    unsafe studio_roots(
      vertices: keep(roots.vertices), weights: keep(roots.weights), count: Int32(roots.count))
  }
}
