import CFaceFinder
import Glibc
package import Imaging

/// A face in a picture.
package struct FoundFace: Hashable, Sendable {
  /// In pixels of the picture.
  package var marks: FaceMarks
  /// Its FFHQ crop.
  package var crop: PhotoCrop
  /// How sure it is one: 0 is doubtful, 1 is sure.
  package var certainty: Double
}

/// Finds faces of people by dlib's detector of frontal faces, and marks them (`FaceMarker`).
///
/// Faces of less than 80 pixels, from brows to chin, are found in a picture that is enlarged; upright
/// ones first, and turned ones only where there are none.
package struct FaceFinder: Sendable {
  package init() {}

  /// How a picture is looked through.
  private struct Pass {
    /// Degrees that a face is expected to be turned by.
    var angles: [Double]
    /// At most.
    var pixels: Double
    var enlargement: Double
  }

  private static let passes = [
    Pass(angles: [0], pixels: 3e6, enlargement: 2),
    Pass(angles: [-45, 45, -90, 90, 180], pixels: 1e6, enlargement: 2),
    Pass(angles: [0], pixels: 8e6, enlargement: 4),
  ]

  /// What a face must reach to be one: in photographs folds of cloth came to 0.17, faces to 0.7 and
  /// more.
  private static let leastCertainty = 0.25
  /// What its marks may depend on where it was looked for.
  private static let mostDoubt = 0.04
  /// The side of a box beside that of the FFHQ crop, and how far below that one's middle its own
  /// is, in sides of the crop.
  private static let box = (share: 0.62, down: 0.077)

  /// The faces in a picture, the largest first.
  /// - Parameter isUpright: where it is known to be that, so that a picture without a face is told
  ///   sooner
  package func faces(in picture: PixelImage, isUpright: Bool = false) -> [FoundFace] {
    guard picture.width > 0, picture.height > 0 else { return [] }
    for pass in Self.passes.prefix(isUpright ? 1 : Self.passes.count) {
      let found = distinct(pass.angles.flatMap { find(in: picture, turnedBy: $0, pass) })
      if !found.isEmpty { return found.sorted { $0.crop.size > $1.crop.size } }
    }
    return []
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

  private func find(in picture: PixelImage, turnedBy angle: Double, _ pass: Pass) -> [FoundFace] {
    let (width, height) = (Double(picture.width), Double(picture.height))
    // Turned, it has to fit into a square.
    let longest = max(width, height) * 1.2
    let area = angle == 0 ? width * height : longest * longest
    let scale = min(pass.enlargement, (pass.pixels / area).squareRoot())
    func scaled(_ length: Double) -> Int { max(1, Int((length * scale).rounded())) }
    let shown = picture.scaled(width: scaled(width), height: scaled(height))
    // In pixels of what is shown.
    let square = PhotoCrop(
      x: Double(shown.width) / 2, y: Double(shown.height) / 2,
      size: Double(scaled(longest)), angle: angle)
    let seen = GreyImage(angle == 0 ? shown : shown.cropped(square, side: scaled(longest)))
    return seen.faces(least: Self.leastCertainty).compactMap { box in
      var (x, y) = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
      if angle != 0 { (x, y) = square.place(x / square.size, y / square.size) }
      let place = PhotoCrop(
        x: x * width / Double(shown.width), y: y * height / Double(shown.height),
        size: (box.right - box.left + box.bottom - box.top) / 2 / scale, angle: angle)
      // Beyond its edges a turned picture is its own mirror image.
      guard (0...width).contains(place.x), (0...height).contains(place.y) else { return nil }
      return marked(place, certainty: box.certainty, in: picture)
    }
  }

  /// The face with its marks, looked for twice: the second time upright and at its size.
  private func marked(_ box: PhotoCrop, certainty: Double, in picture: PixelImage) -> FoundFace? {
    guard let first = FaceMarker.marks(of: box, in: picture)?.marks.crop else { return nil }
    let place = first.place(0.5, 0.5 + Self.box.down)
    let straight = PhotoCrop(
      x: place.x, y: place.y, size: first.size * Self.box.share, angle: first.angle)
    guard let answer = FaceMarker.marks(of: straight, in: picture),
      answer.doubt < Self.mostDoubt, let crop = answer.marks.crop,
      (0.6...1.7).contains(crop.size * Self.box.share / box.size)
    else { return nil }
    return FoundFace(marks: answer.marks, crop: crop, certainty: certainty)
  }
}
