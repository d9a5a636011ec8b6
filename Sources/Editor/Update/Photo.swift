import Imaging
import Latents
import StyleGAN
import TUI

/// The photo page: opening photos and placing the square.
extension State {
  mutating func openPhotoPage() -> [Command] {
    closeGesture()
    photo.isOpen = true
    if photo.photo == nil, photo.opening == nil { askForPhoto() }
    return []
  }

  private mutating func askForPhoto() {
    mode = .prompt(Prompt(.photoPath, text: photo.path))
  }

  mutating func openPhoto(_ path: String) -> [Command] {
    photo.path = path
    photo.opening = path
    photo.lastOpening += 1
    photo.isReopening = false
    return [.openPhoto(number: photo.lastOpening, path: path)]
  }

  mutating func performOnPhoto(_ action: Action, chord: KeyChord?) -> [Command] {
    switch action {
    case .help: mode = .help(offset: 0)
    case .quit: return finish()
    default:
      if photo.marking != nil { return performOnMarks(action, chord) }
      return photo.projection != nil
        ? performOnProjection(action) : performOnSquare(action, chord)
    }
    return []
  }

  private mutating func performOnSquare(_ action: Action, _ chord: KeyChord?) -> [Command] {
    switch action {
    case .cancel:
      closePhoto()
      return []
    case .openFile:
      askForPhoto()
      return []
    default: break
    }
    guard let shown = photo.photo else {
      if photo.opening == nil { askForPhoto() }
      return []
    }
    switch action {
    case .accept: return startFinding()
    case .nextFace: chooseNextFace()
    case .nextDistance:
      photo.distance = photo.distance == .builtin ? .lpips : .builtin
      photo.pace = nil
      return [.measureProjection(photo.distance)]
    case .markFace: photo.marking = FaceMarking(cursor: expectedMark(0))
    case .centreSquare:
      photo.set(
        PhotoCrop(
          x: Double(shown.width) / 2, y: Double(shown.height) / 2,
          size: Double(min(shown.width, shown.height))))
    case .reset: photo.set(photo.start)
    case .pan(let step):
      guard let way = chord?.direction else { return [] }
      let length = photo.crop.size * step.shareOfSquare
      photo.move(across: way.right * length, down: way.down * length)
    case .zoom(let sign, let step):
      let factor = 1 + 2 * step.shareOfSquare
      photo.zoom(by: sign > 0 ? 1 / factor : factor)
    case .turn(let sign, let step):
      photo.turn(by: Double(sign) * (step == .coarse ? 10 : step == .fine ? 0.25 : 1))
    default: break
    }
    return []
  }

  mutating func closePhoto() {
    photo.isOpen = false
    photo.grip = nil
  }

  private mutating func chooseNextFace() {
    let crops = photo.foundCrops
    guard !crops.isEmpty else {
      notice = .information(
        photo.faces == .looking ? "faces are still being looked for" : "no face was found")
      return
    }
    // Back to the one at hand first, where the square was moved away from it.
    let isThere = photo.start == crops[photo.face] && !photo.isTouched
    if isThere { photo.face = (photo.face + 1) % crops.count }
    photo.place(crops[photo.face])
    if crops.count == 1, isThere { notice = .information("there is one face") }
  }

  // MARK: Marks

  /// Where the square at hand has a mark of its face, in pixels of the photo.
  private func expectedMark(_ index: Int) -> FaceMarks.Point {
    expectedMarks(of: photo.crop)[index]
  }

  /// Where a face in the square would have its eyes and mouth.
  func expectedMarks(of crop: PhotoCrop) -> [FaceMarks.Point] {
    FaceMarking.expected(photo.modelFace, side: model.configuration.resolution).map { part in
      let place = crop.place(part.x, part.y)
      return FaceMarks.Point(x: place.x, y: place.y)
    }
  }

  private mutating func performOnMarks(_ action: Action, _ chord: KeyChord?) -> [Command] {
    guard var marking = photo.marking, let shown = photo.photo else { return [] }
    switch action {
    case .cancel:
      photo.marking = nil
      return []
    case .accept:
      setMark()
      return []
    case .takeMarkBack:
      guard marking.takeBack() else { return [] }
    case .pan(let step):
      guard let way = chord?.direction else { return [] }
      let length = photo.crop.size * step.shareOfSquare
      marking.cursor.x = min(max(marking.cursor.x + way.right * length, 0), Double(shown.width))
      marking.cursor.y = min(max(marking.cursor.y + way.down * length, 0), Double(shown.height))
    default: return []
    }
    photo.marking = marking
    return []
  }

  /// Sets the mark where the cross stands; the third places the square.
  mutating func setMark() {
    guard var marking = photo.marking else { return }
    guard let marks = marking.set() else {
      let index = marking.places.count
      // As far from the marks set as the face of the square has it.
      let (before, next) = (expectedMark(index - 1), expectedMark(index))
      marking.cursor.x += next.x - before.x
      marking.cursor.y += next.y - before.y
      photo.marking = marking
      return
    }
    photo.marking = nil
    let side = model.configuration.resolution
    let crop = photo.modelFace.flatMap { marks.crop(like: $0, side: side) } ?? marks.crop
    guard let crop, crop.size >= 4 else {
      notice = .error("the marks lie too close together")
      return
    }
    photo.place(crop)
  }

  // MARK: News

  mutating func receive(_ message: PhotoMessage) -> [Command] {
    switch message {
    case .opened(let number, let opened):
      guard number == photo.lastOpening else { return [] }
      if photo.isReopening, opened == photo.photo {
        photo.isReopening = false
        photo.showTarget(photo.target)
        return []
      }
      photo.isReopening = false
      let isUnderWay = photo.projection?.isUnderWay ?? false
      photo.show(opened)
      return isUnderWay ? [.stopProjection] : []
    case .openingFailed(let number, let path, let reason):
      guard number == photo.lastOpening else { return [] }
      photo.opening = nil
      photo.isReopening = false
      sayUnopened(path, reason)
    case .searched(let number, let search):
      guard number == photo.lastOpening, photo.faces == .looking else { return [] }
      take(search)
      return photo.pace == nil ? [.measureProjection(photo.distance)] : []
    case .searchFailed(let number, let reason):
      guard number == photo.lastOpening, photo.faces == .looking else { return [] }
      photo.faces = .failed(reason)
      return photo.pace == nil ? [.measureProjection(photo.distance)] : []
    case .measured(let distance, let pace):
      if distance == photo.distance { photo.pace = pace }
    case .unmeasured(let distance, let reason):
      guard distance == photo.distance, distance != .builtin else { return [] }
      photo.distance = .builtin
      notice = .error(reason)
      return [.measureProjection(.builtin)]
    case .prepared, .resumed, .stepped, .restarted, .ended: receiveOfProjection(message)
    }
    return []
  }

  /// The prompt comes back with the reason, unless something else was begun meanwhile.
  private mutating func sayUnopened(_ path: String, _ reason: String) {
    let words = reason.replacing(path + ": ", with: "", maxReplacements: 1)
    if photo.isOpen, mode == .page, photo.projection == nil, photo.marking == nil {
      var prompt = Prompt(.photoPath, text: path)
      prompt.complaint = words
      mode = .prompt(prompt)
    } else {
      notice = .error("“\(path)” is not opened: \(words)")
    }
  }

  private mutating func take(_ search: FaceSearch) {
    photo.faces = .found(search.outcome)
    photo.modelFace = search.modelFace
    let isFree = !photo.isTouched && photo.marking == nil && photo.projection == nil
    if let first = photo.foundCrops.first {
      if isFree {
        photo.place(first)
      } else if photo.isOpen, photo.projection == nil {
        notice = .information("a face was found: f takes it")
      }
    }
    // The crosses of the model's face are new.
    photo.showTarget(photo.target)
  }

  /// Another model takes over: searches end, what they found stays.
  mutating func leavePhoto() {
    if photo.projection?.isUnderWay == true { photo.projection?.stage = .ended(.stopped) }
    photo.grip = nil
    photo.marking = nil
    photo.opening = nil
    photo.isOpen = false
  }

  /// The model is in use again: the photo is read once more.
  mutating func comeBackToPhoto() -> [Command] {
    guard let shown = photo.photo else { return [] }
    photo.lastOpening += 1
    photo.isReopening = true
    return [.openPhoto(number: photo.lastOpening, path: shown.path)]
  }
}

extension Step {
  /// How far a key moves the square, as a share of its side.
  fileprivate var shareOfSquare: Double {
    switch self {
    case .fine: 0.004
    case .normal: 0.02
    case .coarse: 0.1
    }
  }
}

extension String {
  /// A path as it was typed, pasted or dropped on the terminal: without quotes, backslashes before
  /// spaces, or `file://`.
  var asPath: String {
    var text = Substring(self)
    for quote in ["'", "\""] as [Character] where text.count >= 2 {
      if text.first == quote, text.last == quote { text = text.dropFirst().dropLast() }
    }
    if text.hasPrefix("file://") {
      text = text.dropFirst("file://".count)
      return String(text).replacing("%20", with: " ")
    }
    return String(text).replacing("\\ ", with: " ")
  }
}
