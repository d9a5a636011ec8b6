import Checkpoints
import FoundationEssentials

/// The basis of the ICT Face Model Light as one NumPy archive: neutral head, identity and expression
/// modes, triangles by part, chart coordinates. Centimetres; +x the subject's left, +y up, +z out of
/// the face.
package struct FaceKit: Sendable {
  package static let fileName = "ict_facekit_basis.npz"
  static let identityCount = 100
  static let expressionCount = 53

  let path: String
  /// [vertex][3]
  let neutral: [Float]
  /// float16 bits, [mode][vertex][3]
  let identity: [UInt16]
  let expression: [UInt16]
  /// The place of each expression, by name.
  package let expressionIndex: [String: Int]
  /// [triangle][3]
  let triangles: [Int32]
  let chartTriangles: [Int32]
  /// [chart vertex][2]
  let chart: [Float]
  /// [triangle]
  let parts: [UInt8]
  let partIndex: [String: Int]
  /// The vertices' numbers in the model the basis was taken from; lash strips are found by them.
  let originalVertex: [Int]
  /// The 68 Multi-PIE landmarks as vertices.
  let landmarks: [Int32]

  var vertexCount: Int { neutral.count / 3 }
  var triangleCount: Int { triangles.count / 3 }

  /// Reads the basis of a folder, or a basis file itself.
  package init(folder: String) throws(FaceKitError) {
    let path = folder.hasSuffix(".npz") ? folder : folder + "/" + Self.fileName
    guard FileManager.default.fileExists(atPath: path) else { throw .absent(folder: folder) }
    try self.init(reading: try FaceKitArchive(path: path))
  }

  private init(reading archive: FaceKitArchive) throws(FaceKitError) {
    path = archive.path
    neutral = try archive.floats("neutral", [nil, 3])
    let vertices = neutral.count / 3
    guard vertices > 0, vertices <= 65_536 else {
      throw .shape(
        path: archive.path, array: "neutral", found: "[\(vertices), 3]",
        expected: "[1…65536, 3]")
    }
    identity = try archive.halves("identity", [Self.identityCount, vertices, 3])
    expression = try archive.halves("expression", [Self.expressionCount, vertices, 3])
    let names = try archive.names("expression_names")
    guard names.count == Self.expressionCount else {
      throw .shape(
        path: archive.path, array: "expression_names", found: "[\(names.count)]",
        expected: "[\(Self.expressionCount)]")
    }
    expressionIndex = Dictionary(
      zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    chart = try archive.floats("uv", [nil, 2])
    triangles = try archive.integers("tri", [nil, 3], below: vertices).map(Int32.init)
    let count = triangles.count / 3
    chartTriangles = try archive.integers("tri_uv", [count, 3], below: chart.count / 2)
      .map(Int32.init)
    let partNames = try archive.names("part_names")
    partIndex = Dictionary(
      zip(partNames, partNames.indices), uniquingKeysWith: { first, _ in first })
    parts = try archive.integers("tri_part", [count], below: min(partNames.count, 256))
      .map(UInt8.init)
    originalVertex = try archive.integers("orig_vertex", [vertices], below: .max)
    landmarks = try archive.integers("landmarks68", [68], below: vertices).map(Int32.init)
    try requireParts()
  }

  /// What the renderer cannot do without.
  private func requireParts() throws(FaceKitError) {
    let needed = [
      "Face", "HeadNeck", "EyeSocketL", "EyeSocketR", "ScleraL", "ScleraR", "EyelashL", "EyelashR",
    ]
    for name in needed {
      guard let index = partIndex[name], parts.contains(UInt8(index)) else {
        throw .missing(path: path, what: "the part \(name)")
      }
    }
    for name in Expression.needed where expressionIndex[name] == nil {
      throw .missing(path: path, what: "the expression \(name)")
    }
  }

  /// Whether a triangle belongs to one of these parts.
  func triangles(of names: String...) -> [Int] {
    let wanted = Set(names.compactMap { partIndex[$0] }.map(UInt8.init))
    return parts.indices.filter { wanted.contains(parts[$0]) }
  }
}
