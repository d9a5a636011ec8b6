package import Imaging

/// A photo, the square of it that holds the face, and the search for that face in the model.
package struct PhotoPage: Hashable, Sendable {
  package struct Photo: Hashable, Sendable {
    package var path: String
    /// Of the file.
    package var sha256: String
    /// `PNG`
    package var kind: String
    /// Pixels of the file, as it is to be seen.
    package var width: Int
    package var height: Int

    package init(path: String, sha256: String, kind: String, width: Int, height: Int) {
      self.path = path
      self.sha256 = sha256
      self.kind = kind
      self.width = width
      self.height = height
    }

    /// Without its folders.
    package var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    /// What a preset of it is called: without the ending too.
    package var stem: String { String(name.prefix { $0 != "." }) }
  }

  package enum Faces: Hashable, Sendable {
    case looking
    case found(FaceSearch.Outcome)
    case failed(String)
  }

  /// What the mouse has hold of.
  package enum Grip: Hashable, Sendable {
    /// The square, held so far from its middle, in pixels of the photo.
    case square(across: Double, down: Double)
    case corner
  }

  /// Whether the page is in front.
  package var isOpen = false
  /// What was typed last.
  package var path = ""
  /// Counts photos asked for; what is said of an older one no longer counts.
  package var lastOpening = 0
  /// The photo being read.
  package var opening: String?
  package var photo: Photo?
  package var faces = Faces.looking
  /// Which of the faces found.
  package var face = 0
  /// The square, in pixels of the file.
  package private(set) var crop = PhotoCrop(x: 0, y: 0, size: 1)
  /// Where it was put without a hand.
  package var start = PhotoCrop(x: 0, y: 0, size: 1)
  package var modelFace: FaceMarks?
  package var grip: Grip?
  package var marking: FaceMarking? { didSet { generation += 1 } }
  /// Changes whenever the photo is to look otherwise.
  package private(set) var generation = 0
  /// The photo is read once more: what is known of it stays.
  package var isReopening = false
  /// What a search is to compare by.
  package var distance = PhotoDistance.builtin
  package var pace: ProjectionPace?
  package var projection: PhotoProjection?
  /// Counts projections begun.
  package var lastProjection = 0

  package init() {}

  package var isTouched: Bool { crop != start }

  package var foundCrops: [PhotoCrop] {
    if case .found(.faces(let crops)) = faces { crops } else { [] }
  }

  // MARK: The square

  /// Another photo, its middle square first.
  package mutating func show(_ photo: Photo) {
    self.photo = photo
    opening = nil
    faces = .looking
    face = 0
    marking = nil
    grip = nil
    projection = nil
    place(
      PhotoCrop(
        x: Double(photo.width) / 2, y: Double(photo.height) / 2,
        size: Double(min(photo.width, photo.height))))
  }

  /// Puts the square somewhere, so that a reset leads there.
  package mutating func place(_ crop: PhotoCrop) {
    start = crop
    set(crop)
  }

  package mutating func set(_ crop: PhotoCrop) {
    self.crop = crop
    generation += 1
  }

  /// The square that is or was searched for looks otherwise.
  package mutating func showTarget(_ crop: PhotoCrop) {
    projection?.crop = crop
    generation += 1
  }

  /// The square whose content is shown as what the model is to find.
  package var target: PhotoCrop { projection?.crop ?? crop }

  package mutating func move(across: Double, down: Double) {
    change { crop in
      crop.x += across
      crop.y += down
    }
  }

  package mutating func zoom(by factor: Double) { change { $0.size *= factor } }

  package mutating func turn(by degrees: Double) {
    change { crop in
      crop.angle += degrees
      if crop.angle > 180 { crop.angle -= 360 }
      if crop.angle <= -180 { crop.angle += 360 }
      // A turn that came back is none, whatever the sums of tenths are.
      if abs(crop.angle) < 1e-6 { crop.angle = 0 }
    }
  }

  /// Its middle stays on the photo, its side between a few pixels and twice the photo's.
  private mutating func change(_ body: (inout PhotoCrop) -> Void) {
    guard let photo else { return }
    var crop = crop
    body(&crop)
    crop.x = min(max(crop.x, 0), Double(photo.width))
    crop.y = min(max(crop.y, 0), Double(photo.height))
    let longest = Double(max(photo.width, photo.height))
    crop.size = min(max(crop.size, min(8, longest)), 2 * longest)
    if crop != self.crop { set(crop) }
  }
}

/// Three marks set by hand: where the eyes and the mouth are decides the square.
package struct FaceMarking: Hashable, Sendable {
  /// In pixels of the photo: left eye, right eye, mouth, as many as are set.
  package private(set) var places: [FaceMarks.Point] = []
  /// The mark about to be set.
  package var cursor: FaceMarks.Point

  package init(cursor: FaceMarks.Point) { self.cursor = cursor }

  package static let names = [
    "the eye on the left", "the eye on the right", "the middle of the mouth",
  ]
  package var name: String { Self.names[min(places.count, 2)] }

  /// - Returns: the marks, once all three are set.
  package mutating func set() -> FaceMarks? {
    places.append(cursor)
    guard places.count == 3 else { return nil }
    // Left is left in the picture, whichever was set first.
    let eyes = places[0].x <= places[1].x ? (places[0], places[1]) : (places[1], places[0])
    return FaceMarks(leftEye: eyes.0, rightEye: eyes.1, mouth: places[2])
  }

  /// - Returns: whether there was one to take back.
  package mutating func takeBack() -> Bool {
    guard let last = places.popLast() else { return false }
    cursor = last
    return true
  }

  /// Where the face of a square is expected, in the parts of its side: for a model's mean face, or
  /// as FFHQ's alignment has it.
  package static func expected(_ face: FaceMarks?, side: Int) -> [FaceMarks.Point] {
    guard let face else {
      return [
        FaceMarks.Point(x: 0.375, y: 0.472), FaceMarks.Point(x: 0.625, y: 0.472),
        FaceMarks.Point(x: 0.5, y: 0.75),
      ]
    }
    return [face.leftEye, face.rightEye, face.mouth].map {
      FaceMarks.Point(x: $0.x / Double(side), y: $0.y / Double(side))
    }
  }
}
