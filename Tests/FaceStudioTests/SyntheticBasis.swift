import Foundation

@testable import FaceStudio

/// A small head of our own in the format of the basis: an ellipsoid with eyes, a mouth, teeth and
/// lashes. Tests of the renderer need no downloaded data with it.
struct SyntheticBasis {
  private(set) var vertices: [SIMD3<Float>] = []
  private var original: [Int] = []
  private var uv: [SIMD2<Float>] = []
  private var triangles: [[Int]] = []
  private var parts: [UInt8] = []
  private var head = 0..<0
  /// Changes to the archive's arrays, by name, before they are written; nil leaves one out.
  var replaced: [String: Array?] = [:]

  static let partNames = [
    "Face", "HeadNeck", "MouthSocket", "EyeSocketL", "EyeSocketR", "GumsTongue", "Teeth",
    "ScleraL", "ScleraR", "EyelashL", "EyelashR",
  ]
  static let expressionNames: [String] = {
    var names = Expression.needed
    while names.count < 53 { names.append("spare\(names.count)") }
    return names
  }()

  init() {
    addHead()
    for side: Float in [1, -1] { addSocket(side) }
    addPatch("MouthSocket", centre: SIMD3(0, -3.4, 7), half: SIMD2(2, 0.8))
    addPatch("GumsTongue", centre: SIMD3(0, -3.8, 7.4), half: SIMD2(1.6, 0.5))
    for k in 0..<4 {
      addPatch("Teeth", centre: SIMD3(Float(k) - 1.5, -3.2, 7.8), half: SIMD2(0.42, 0.4))
    }
    for side: Float in [1, -1] { addEye(side) }
    for side: Float in [1, -1] { addLashes(side) }
  }

  private static let columns = 48
  private static let rows = 30

  private mutating func add(_ p: SIMD3<Float>, _ uv: SIMD2<Float> = SIMD2(0, 0)) -> Int {
    vertices.append(p)
    self.uv.append(uv)
    original.append(vertices.count - 1)
    return vertices.count - 1
  }

  private mutating func add(_ part: String, _ a: Int, _ b: Int, _ c: Int) {
    triangles.append([a, b, c])
    parts.append(UInt8(Self.partNames.firstIndex(of: part)!))
  }

  private mutating func addHead() {
    for row in 0...Self.rows {
      for column in 0..<Self.columns {
        let elevation = -Float.pi / 2 + Float.pi * (Float(row) + 0.01) / (Float(Self.rows) + 0.02)
        let azimuth = 2 * Float.pi * Float(column) / Float(Self.columns) - .pi
        let ring = cos(elevation)
        let p = SIMD3<Float>(
          7.6 * ring * sin(azimuth), 3.2 + 11.4 * sin(elevation), 10.2 * ring * cos(azimuth))
        _ = add(p, SIMD2(0.5 + azimuth / (1.05 * .pi), (p.y + 9) / 25))
      }
    }
    head = 0..<vertices.count
    for row in 0..<Self.rows {
      for column in 0..<Self.columns {
        let next = (column + 1) % Self.columns
        let (a, b) = (row * Self.columns + column, row * Self.columns + next)
        let (c, d) = (a + Self.columns, b + Self.columns)
        let azimuth = 360 * (Float(column) + 0.5) / Float(Self.columns) - 180
        let part = abs(azimuth) < 90 && row > 2 && row < Self.rows - 4 ? "Face" : "HeadNeck"
        add(part, a, b, d)
        add(part, a, d, c)
      }
    }
  }

  private mutating func addPatch(_ part: String, centre: SIMD3<Float>, half: SIMD2<Float>) {
    let v = [(-1, -1), (1, -1), (1, 1), (-1, 1)].map { x, y in
      add(centre + SIMD3(half.x * Float(x), half.y * Float(y), 0))
    }
    add(part, v[0], v[1], v[2])
    add(part, v[0], v[2], v[3])
  }

  private mutating func addSocket(_ side: Float) {
    addPatch(
      side > 0 ? "EyeSocketL" : "EyeSocketR", centre: SIMD3(side * 3.1, 3.6, 5.5),
      half: SIMD2(1, 1))
  }

  private mutating func addEye(_ side: Float) {
    let centre = SIMD3<Float>(side * 3.1165, 3.6016, 8.15)
    let first = vertices.count
    for row in 0...8 {
      for column in 0..<12 {
        let elevation = -Float.pi / 2 + .pi * (Float(row) + 0.05) / 8.1
        let azimuth = 2 * Float.pi * Float(column) / 12
        let ring = cos(elevation)
        let d = SIMD3<Float>(ring * sin(azimuth), sin(elevation), ring * cos(azimuth))
        _ = add(centre + 1.577 * d)
      }
    }
    for row in 0..<8 {
      for column in 0..<12 {
        let (a, b) = (first + row * 12 + column, first + row * 12 + (column + 1) % 12)
        add(side > 0 ? "ScleraL" : "ScleraR", a, b, b + 12)
        add(side > 0 ? "ScleraL" : "ScleraR", a, b + 12, a + 12)
      }
    }
  }

  private mutating func addLashes(_ side: Float) {
    for strip in 0..<6 {
      let up: Float = strip < 3 ? 1 : -1
      let first = vertices.count
      for column in 0..<19 {
        for row in 0..<6 {
          let t = Float(column) / 18
          let x = side * (2.0 + 2.2 * t)
          let y = 3.6 + up * (0.5 + 0.4 * sin(.pi * t) + 0.1 * Float(row))
          _ = add(SIMD3(x, y, 9.6 + 0.08 * Float(row)), SIMD2(t, 1 - Float(row) / 5))
          original[vertices.count - 1] =
            (side > 0 ? 25351 : 26035) + 114 * strip + column * 6 + row
        }
      }
      for column in 0..<18 {
        for row in 0..<5 {
          let a = first + column * 6 + row
          add(side > 0 ? "EyelashL" : "EyelashR", a, a + 6, a + 7)
          add(side > 0 ? "EyelashL" : "EyelashR", a, a + 7, a + 1)
        }
      }
    }
  }

  /// The head's vertices nearest to the 68 landmarks' usual places.
  private var landmarks: [Int] {
    var places: [SIMD2<Float>] = []
    for i in 0..<17 {
      let t = (Float(i) - 8) / 8
      places.append(SIMD2(7.2 * sin(t * 1.5), -7.4 + 11 * t * t))
    }
    for i in 0..<10 { places.append(SIMD2((i < 5 ? -5 : 1) + Float(i % 5), 5.6)) }
    for i in 0..<4 { places.append(SIMD2(0, 4 - 1.3 * Float(i))) }
    for i in 0..<5 { places.append(SIMD2(-1 + 0.5 * Float(i), -0.8)) }
    for side: Float in [-1, 1] {
      for i in 0..<6 {
        let a = 2 * Float.pi * Float(i) / 6
        places.append(SIMD2(side * 3.1 - cos(a) * 1.4, 3.6 + sin(a) * 0.7))
      }
    }
    for i in 0..<20 {
      let a = 2 * Float.pi * Float(i % 12) / 12
      places.append(SIMD2(-2.4 * cos(a), -3.4 + (i < 12 ? 1 : 0.4) * sin(a)))
    }
    return places.map { place in
      head.filter { vertices[$0].z > -1 }.min {
        let (a, b) = (vertices[$0], vertices[$1])
        let (p, q) = (SIMD2(a.x, a.y) - place, SIMD2(b.x, b.y) - place)
        return (p * p).sum() < (q * q).sum()
      }!
    }
  }

  // MARK: Writing

  struct Array {
    var type: String
    var shape: [Int]
    var bytes: [UInt8]
  }

  private static func little<T: FixedWidthInteger>(_ values: [T]) -> [UInt8] {
    values.flatMap { value in
      (0..<T.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> (8 * T($0))) }
    }
  }

  static func texts(_ values: [String], width: Int = 16) -> Array {
    Array(
      type: "<U\(width)", shape: [values.count],
      bytes: values.flatMap { text -> [UInt8] in
        let codes = text.unicodeScalars.map(\.value)
        return little(codes + [UInt32](repeating: 0, count: width - codes.count))
      })
  }

  /// Modes that stretch parts of the head by a few millimetres; the first ones as the basis has them.
  private func identity() -> [UInt16] {
    (0..<100).flatMap { mode in
      vertices.flatMap { p -> [Float16] in
        let wave = Float(sin(Float(mode) + p.y * 0.3)) * 0.05
        return [Float16(p.x * wave * 0.2), Float16(wave), Float16(p.z * wave * 0.1)]
      }
    }.map(\.bitPattern)
  }

  private func expression() -> [UInt16] {
    Self.expressionNames.flatMap { name in
      vertices.flatMap { p -> [Float16] in
        let lower: Float = name == "jawOpen" && p.y < -2 ? -1.5 : 0
        return [0, Float16(lower), 0]
      }
    }.map(\.bitPattern)
  }

  private func arrays() -> [(String, Array)] {
    let n = vertices.count
    let coordinates = vertices.flatMap { [$0.x.bitPattern, $0.y.bitPattern, $0.z.bitPattern] }
    let corners = triangles.joined().map(UInt16.init)
    var all: [(String, Array)] = [
      ("neutral", Array(type: "<f4", shape: [n, 3], bytes: Self.little(coordinates))),
      ("identity", Array(type: "<f2", shape: [100, n, 3], bytes: Self.little(identity()))),
      ("expression", Array(type: "<f2", shape: [53, n, 3], bytes: Self.little(expression()))),
      ("expression_names", Self.texts(Self.expressionNames)),
      ("tri", Array(type: "<u2", shape: [triangles.count, 3], bytes: Self.little(corners))),
      ("tri_uv", Array(type: "<u2", shape: [triangles.count, 3], bytes: Self.little(corners))),
      (
        "uv",
        Array(
          type: "<f4", shape: [n, 2],
          bytes: Self.little(uv.flatMap { [$0.x.bitPattern, $0.y.bitPattern] }))
      ),
      ("tri_part", Array(type: "|u1", shape: [parts.count], bytes: parts)),
      ("part_names", Self.texts(Self.partNames, width: 13)),
      (
        "orig_vertex", Array(type: "<u2", shape: [n], bytes: Self.little(original.map(UInt16.init)))
      ),
      (
        "landmarks68",
        Array(type: "<u2", shape: [68], bytes: Self.little(landmarks.map(UInt16.init)))
      ),
    ]
    for (name, array) in replaced {
      all.removeAll { $0.0 == name }
      if let array { all.append((name, array)) }
    }
    return all
  }

  private static func npy(_ array: Array) -> [UInt8] {
    let extents =
      array.shape.map(String.init).joined(separator: ", ") + (array.shape.count == 1 ? "," : "")
    var header = "{'descr': '\(array.type)', 'fortran_order': False, 'shape': (\(extents)), }"
    while (11 + header.utf8.count) % 64 != 0 { header += " " }
    header += "\n"
    var bytes: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]
    bytes += little([UInt16(header.utf8.count)])
    bytes += Swift.Array(header.utf8)
    bytes += array.bytes
    return bytes
  }

  private static let crcTable: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { crc, _ in
      crc & 1 == 1 ? 0xedb8_8320 ^ (crc >> 1) : crc >> 1
    }
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { crcTable[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ ($0 >> 8) }
  }

  /// A stored zip archive of the arrays.
  var bytes: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    let arrays = arrays()
    for (name, array) in arrays {
      let data = Self.npy(array)
      let title = [UInt8]((name + ".npy").utf8)
      let size = UInt32(data.count)
      var common: [UInt8] = Self.little([UInt16(0), 0, 0, 0x21])
      common += Self.little([Self.crc(data), size, size])
      common += Self.little([UInt16(title.count), 0])
      directory += Self.little([UInt32(0x0201_4b50)])
      directory += Self.little([UInt16(20), 20])
      directory += common
      directory += Self.little([UInt16(0), 0, 0])
      directory += Self.little([UInt32(0), UInt32(file.count)])
      directory += title
      file += Self.little([UInt32(0x0403_4b50)])
      file += Self.little([UInt16(20)])
      file += common
      file += title
      file += data
    }
    let count = UInt16(arrays.count)
    var end: [UInt8] = Self.little([UInt32(0x0605_4b50)])
    end += Self.little([UInt16(0), 0, count, count])
    end += Self.little([UInt32(directory.count), UInt32(file.count)])
    end += Self.little([UInt16(0)])
    return file + directory + end
  }

  /// The basis as it is read back from a file.
  func kit() throws -> FaceKit {
    let folder = try folder()
    return try withExtendedLifetime(folder) { try FaceKit(folder: folder.path) }
  }

  /// Writes the basis into a new folder.
  func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try Data(bytes).write(to: folder.url.appending(path: FaceKit.fileName))
    return folder
  }
}

/// A folder that goes away with its last user.
final class TemporaryFolder: Sendable {
  let url: URL
  var path: String { url.path }

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "mien-faces-\(UUID())")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
