package import Checkpoints
import Glibc
package import Imaging
import Tensors

/// A face in a picture.
package struct FoundFace: Hashable, Sendable {
  /// In pixels of the picture.
  package var marks: FaceMarks
  /// Its FFHQ crop.
  package var crop: PhotoCrop
  /// How sure it is one, 0…1.
  package var certainty: Double
}

/// Finds faces of people by two small networks of this project's own, trained on rendered faces
/// only: one marks faces of 36 to 90 pixels (the side of the FFHQ crop) anywhere in a picture and
/// is run over a pyramid of sizes, the other finds the marks of each.
package struct FaceFinder: Sendable {
  private let networks: FaceNetworks

  /// - Throws: where the program's own weights are unreadable
  package init() throws(CheckpointError) { networks = try FaceNetworks.embedded() }

  /// The longest side that is searched. Faces of less than 36 pixels, in the picture or in one of
  /// this size, are not found: no model makes anything of them.
  private static let longestSide = 1024
  /// What a face must reach to be one.
  private static let leastCertainty = 0.7
  /// What a place must reach to be looked at closely.
  private static let leastPromise = 0.2

  /// The faces in a picture, the largest first.
  package func faces(in picture: PixelImage) -> [FoundFace] {
    guard picture.width > 0, picture.height > 0 else { return [] }
    let longest = max(picture.width, picture.height)
    var candidates: [FoundFace] = []
    var side = min(Double(Self.longestSide), max(Double(longest), 64))
    while side >= 30 {
      candidates += find(in: picture, scale: side / Double(longest))
      side /= 2.0.squareRoot()
    }
    var faces: [FoundFace] = []
    for candidate in distinct(candidates).prefix(24) {
      if let face = marked(candidate, in: picture), face.certainty >= Self.leastCertainty {
        faces.append(face)
      }
    }
    return distinct(faces).sorted { $0.crop.size > $1.crop.size }
  }

  /// The surest of faces that lie on one another.
  private func distinct(_ faces: [FoundFace]) -> [FoundFace] {
    var kept: [FoundFace] = []
    for face in faces.sorted(by: { $0.certainty > $1.certainty }) {
      let isNew = kept.allSatisfy { other in
        hypot(face.crop.x - other.crop.x, face.crop.y - other.crop.y)
          > 0.35 * max(face.crop.size, other.crop.size)
      }
      if isNew { kept.append(face) }
    }
    return kept
  }

  private func find(in picture: PixelImage, scale: Double) -> [FoundFace] {
    let width = max(1, Int((Double(picture.width) * scale).rounded()))
    let height = max(1, Int((Double(picture.height) * scale).rounded()))
    let level = picture.scaled(width: width, height: height)
    let stride = FaceNetworks.finderStride
    func padded(_ side: Int) -> Int { (side + stride - 1) / stride * stride }
    let answer = networks.find(
      Self.input(level, width: padded(width), height: padded(height)))
    let (rows, columns) = (answer.shape[2], answer.shape[3])
    let values = answer.values
    func value(_ channel: Int, _ row: Int, _ column: Int) -> Float {
      values[(channel * rows + row) * columns + column]
    }
    let least = Float(log(Self.leastPromise / (1 - Self.leastPromise)))
    var found: [FoundFace] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let score = value(0, row, column)
        guard score > least else { continue }
        let around = (max(0, row - 1)...min(rows - 1, row + 1)).allSatisfy { r in
          (max(0, column - 1)...min(columns - 1, column + 1)).allSatisfy { value(0, r, $0) <= score }
        }
        guard around else { continue }
        func point(_ channel: Int) -> FaceMarks.Point {
          let x = (Double(column) + 0.5) * Double(stride)
          let y = (Double(row) + 0.5) * Double(stride)
          return FaceMarks.Point(
            x: (x + Double(value(channel, row, column)) * FaceNetworks.finderReach)
              * Double(picture.width) / Double(width),
            y: (y + Double(value(channel + 1, row, column)) * FaceNetworks.finderReach)
              * Double(picture.height) / Double(height))
        }
        let marks = FaceMarks(leftEye: point(1), rightEye: point(3), mouth: point(5))
        guard let crop = marks.crop else { continue }
        found.append(FoundFace(marks: marks, crop: crop, certainty: Self.sigmoid(score)))
      }
    }
    return found
  }

  /// The face with its marks found again from close by, twice.
  private func marked(_ candidate: FoundFace, in picture: PixelImage) -> FoundFace? {
    var face = candidate
    for _ in 0..<2 {
      let window = PhotoCrop(
        x: face.crop.x, y: face.crop.y, size: face.crop.size / 0.8, angle: face.crop.angle)
      let side = FaceNetworks.markerSide
      let answer = networks.mark(
        Self.input(picture.cropped(window, side: side), width: side, height: side))
      func point(_ index: Int) -> FaceMarks.Point {
        let place = window.place(
          (Double(answer[1 + 2 * index]) + 1) / 2, (Double(answer[2 + 2 * index]) + 1) / 2)
        return FaceMarks.Point(x: place.x, y: place.y)
      }
      let corners = (point(3), point(4))
      let marks = FaceMarks(
        leftEye: point(0), rightEye: point(1),
        mouth: FaceMarks.Point(
          x: (corners.0.x + corners.1.x) / 2, y: (corners.0.y + corners.1.y) / 2))
      guard let crop = marks.crop, crop.size.isFinite,
        (0.4...2.5).contains(crop.size / candidate.crop.size)
      else { return nil }
      // Both networks have to agree.
      let certainty = (candidate.certainty * Self.sigmoid(answer[0])).squareRoot()
      face = FoundFace(marks: marks, crop: crop, certainty: certainty)
    }
    return face
  }

  private static func sigmoid(_ x: Float) -> Double { 1 / (1 + exp(-Double(x))) }

  /// [1, 3, height, width] on [-1, 1]; grey where the picture does not reach.
  private static func input(_ picture: PixelImage, width: Int, height: Int) -> Tensor {
    unsafe Tensor(shape: [1, 3, height, width]) { out in
      unsafe out.update(repeating: 0)
      unsafe picture.bytes.withUnsafeBufferPointer { bytes in
        for channel in 0..<3 {
          for y in 0..<picture.height {
            let line = (channel * height + y) * width
            for x in 0..<picture.width {
              unsafe out[line + x] =
                Float(bytes[(y * picture.width + x) * 3 + channel]) / 127.5 - 1
            }
          }
        }
      }
    }
  }
}
