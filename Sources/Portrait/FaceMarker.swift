import CFaceFinder
import Imaging

/// Where the eyes and the mouth of a face are, by dlib's regression trees, trained on rendered faces
/// (Sources/CFaceFinder/recipe).
enum FaceMarker {
  /// The marks of a face, and how much they depend on where it was looked for, as a share of the
  /// box.
  struct Answer {
    var marks: FaceMarks
    var doubt: Double
  }

  /// Pixels a side of the picture the trees see; the box is the middle half of it.
  private static let side = 240

  /// Looks move and scale the box, as shares of it: what they agree on is less jumpy than one answer.
  private static let looks: [(across: Double, down: Double, larger: Double)] = [
    (0, 0, 0), (0.05, 0, 0), (-0.05, 0, 0), (0, 0.05, 0), (0, -0.05, 0), (0, 0, 0.06),
    (0, 0, -0.06), (0.04, 0.04, 0.03), (-0.04, -0.04, -0.03),
  ]

  /// - Parameter box: from brows to chin, upright as the face is
  static func marks(of box: PhotoCrop, in picture: PixelImage) -> Answer? {
    guard box.size > 1, box.size.isFinite, box.x.isFinite, box.y.isFinite else { return nil }
    let window = PhotoCrop(x: box.x, y: box.y, size: 2 * box.size, angle: box.angle)
    let grey = GreyImage(picture.cropped(window, side: side))
    let half = Double(side) / 2
    let all = looks.compactMap { look -> [Double]? in
      let reach = half / 2 * (1 + look.larger)
      let (x, y) = (half + look.across * half, half + look.down * half)
      return grey.points(
        in: mien_face_box(
          left: x - reach, top: y - reach, right: x + reach, bottom: y + reach, certainty: 0))
    }
    guard all.count == looks.count else { return nil }
    let middle = all[0].indices.map { index in
      all.map { $0[index] }.sorted()[looks.count / 2]
    }
    let deviations = all.map { answer in
      zip(answer, middle).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(middle.count)
    }
    func place(_ index: Int) -> FaceMarks.Point {
      let (x, y) = window.place(
        middle[2 * index] / Double(side), middle[2 * index + 1] / Double(side))
      return FaceMarks.Point(x: x, y: y)
    }
    let corners = (place(5), place(6))
    return Answer(
      marks: FaceMarks(
        leftEye: place(0), rightEye: place(1),
        mouth: FaceMarks.Point(
          x: (corners.0.x + corners.1.x) / 2, y: (corners.0.y + corners.1.y) / 2)),
      doubt: deviations.reduce(0, +) / Double(looks.count) / half)
  }
}
