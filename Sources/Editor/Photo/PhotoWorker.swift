import Imaging
import Latents
import StyleGAN
import Tensors

/// What the photo page does beside the editing: reads photos and looks for faces in them on one
/// thread, and projects on another. Of everything asked for only the newest counts.
final class PhotoWorker: Sendable {
  /// Pixels that come with a message.
  enum Attachment: Sendable {
    case photo(PhotoLevels)
    /// The nearest face so far.
    case found(PixelImage)
  }

  private struct Box: Sendable {
    var opening: (number: Int, path: String)?
    var photo: OpenedPhoto?
    var measuring: PhotoDistance?
    var order: (number: Int, ProjectionOrder)?
    /// The projection that may go on; any other ends.
    var number = 0
    var isPaused = false
    var hasReadingThread = false
    var hasProjectingThread = false
    /// When a hand last moved something.
    var lastEdit = -Double.infinity
    var isStopped = false
  }

  /// Pictures with fewer pixels a side are refused.
  private static let smallestSide = 16

  private let box = Monitor(Box())
  private let service: PhotoService?
  private let clock: @Sendable () -> Double
  private let deliver: @Sendable (PhotoMessage, Attachment?) -> Void

  /// - Parameter deliver: called on other threads.
  init(
    _ service: PhotoService?, clock: @escaping @Sendable () -> Double,
    deliver: @escaping @Sendable (PhotoMessage, Attachment?) -> Void
  ) {
    self.service = service
    self.clock = clock
    self.deliver = deliver
  }

  /// A hand moves something: projections wait.
  func yieldToEditing() {
    let now = clock()
    box.update { $0.lastEdit = now }
  }

  func stop() { box.update { $0.isStopped = true } }

  // MARK: Reading

  /// Instead of any that is being read.
  func open(number: Int, path: String) {
    box.update { $0.opening = (number, path) }
    startReading { .openingFailed(number, path: path, reason: $0) }
  }

  func measure(_ distance: PhotoDistance) {
    box.update { $0.measuring = distance }
    // Without it there is no estimate before the first step, which is all.
    startReading { _ in nil }
  }

  private func startReading(_ complaint: (String) -> PhotoMessage?) {
    let isNew = box.update { box in
      defer { box.hasReadingThread = true }
      return !box.hasReadingThread
    }
    guard isNew, !WorkerThread.start({ [self] in read() }) else { return }
    box.update { $0.hasReadingThread = false }
    if let message = complaint("the system has no thread left") { deliver(message, nil) }
  }

  private enum Task {
    case stop
    case open(number: Int, path: String)
    case measure(PhotoDistance)
  }

  private func read() {
    while true {
      let task = box.wait { box -> Task? in
        if box.isStopped { return .stop }
        if let opening = box.opening {
          box.opening = nil
          return .open(number: opening.number, path: opening.path)
        }
        guard let distance = box.measuring else { return nil }
        box.measuring = nil
        return .measure(distance)
      }
      switch task {
      case .stop, nil: return
      case .open(let number, let path): open(number, path)
      case .measure(let distance): measureNow(distance)
      }
    }
  }

  private func measureNow(_ distance: PhotoDistance) {
    guard let service else { return }
    do {
      deliver(.measured(distance, try service.measure(distance)), nil)
    } catch {
      deliver(.unmeasured(distance, reason: "\(error)"), nil)
    }
  }

  private func open(_ number: Int, _ path: String) {
    guard let service else {
      deliver(
        .openingFailed(number, path: path, reason: "nothing here can look for photos"), nil)
      return
    }
    let photo: OpenedPhoto
    do {
      photo = try service.open(FilmWorker.expanded(path))
      let (width, height) = (photo.file.fullWidth, photo.file.fullHeight)
      guard min(width, height) >= Self.smallestSide else {
        deliver(
          .openingFailed(
            number, path: path,
            reason: "a picture of \(width)×\(height) pixels is too small to find a face in"), nil)
        return
      }
    } catch {
      deliver(.openingFailed(number, path: path, reason: "\(error)"), nil)
      return
    }
    guard !isSuperseded else { return }
    let file = photo.file
    let levels = PhotoLevels(file)
    box.update { $0.photo = photo }
    deliver(
      .opened(
        number,
        PhotoPage.Photo(
          path: path, sha256: photo.sha256, kind: file.kind.name, width: file.fullWidth,
          height: file.fullHeight)), .photo(levels))
    do {
      deliver(.searched(number, try photo.findFaces()), nil)
    } catch {
      deliver(.searchFailed(number, "\(error)"), nil)
    }
  }

  /// Whether something newer waits to be read.
  private var isSuperseded: Bool { box.read { $0.isStopped || $0.opening != nil } }

  // MARK: Projecting

  /// Instead of any that is under way.
  func project(number: Int, _ order: ProjectionOrder) {
    let isNew = box.update { box in
      box.order = (number, order)
      box.number = number
      box.isPaused = false
      defer { box.hasProjectingThread = true }
      return !box.hasProjectingThread
    }
    guard isNew, !WorkerThread.start({ [self] in project() }) else { return }
    box.update { $0.hasProjectingThread = false }
    deliver(.ended(number, .failed("the system has no thread left")), nil)
  }

  func pause(_ isPaused: Bool) { box.update { $0.isPaused = isPaused } }

  /// What was found stays.
  func stopProjecting() {
    box.update { box in
      box.number = 0
      box.order = nil
    }
  }

  private enum Work {
    case stop
    case project(number: Int, ProjectionOrder, OpenedPhoto)
  }

  private func project() {
    while true {
      let work = box.wait { box -> Work? in
        if box.isStopped { return .stop }
        guard let (number, order) = box.order, let photo = box.photo else { return nil }
        box.order = nil
        return .project(number: number, order, photo)
      }
      guard case .project(let number, let order, let photo) = work else { return }
      do {
        try project(number, order, photo)
      } catch {
        guard mayGoOn(number) else { continue }
        deliver(.ended(number, .failed("\(error)")), nil)
      }
    }
  }

  private func project(_ number: Int, _ order: ProjectionOrder, _ photo: OpenedPhoto) throws {
    let prepared = try photo.prepare(order) { [self] in !mayGoOn(number) }
    var projector = prepared.projector
    guard mayGoOn(number) else { return }
    deliver(
      .prepared(
        number, crop: prepared.crop, start: prepared.start, features: projector.featureName), nil)
    let early = projector.settings.earlySteps
    if projector.completedSteps > 0 {
      let hasAll = projector.completedSteps > early
      deliver(
        .resumed(
          number, distances: projector.distances, firstComparable: hasAll ? early : 0,
          best: find(projector, order, prepared.crop)),
        prepared.record?.picture.map { .found($0) })
    }
    var saved = clock()
    var recent: [Double] = []
    while !projector.isFinished {
      guard waitForTurn(number) else {
        prepared.record?.save(projector)
        return
      }
      let begun = clock()
      let progress = projector.step()
      recent.append(clock() - begun)
      if recent.count > 8 { recent.removeFirst() }
      if clock() - saved > 1 {
        prepared.record?.save(projector)
        saved = clock()
      }
      guard mayGoOn(number) else { continue }
      if early > 0, progress.step == early { deliver(.restarted(number), nil) }
      let best = progress.isBest ? find(projector, order, prepared.crop) : nil
      deliver(
        .stepped(
          number, distance: progress.distance, best: best,
          secondsPerStep: recent.reduce(0, +) / Double(recent.count)),
        best == nil ? nil : .found(PixelImage(networkOutput: progress.picture)))
    }
    guard mayGoOn(number) else { return }
    prepared.record?.discard()
    let hasAll = projector.completedSteps >= projector.settings.steps
    deliver(.ended(number, hasAll ? .allSteps : .level), nil)
  }

  private func find(
    _ projector: Projector, _ order: ProjectionOrder, _ crop: PhotoCrop
  ) -> PhotoProjection.Find? {
    projector.best.map { best in
      PhotoProjection.Find(
        latent: best.latent(in: order.settings.space), distance: best.distance,
        step: best.step + 1, crop: best.crop(from: crop))
    }
  }

  private func mayGoOn(_ number: Int) -> Bool {
    box.read { !$0.isStopped && $0.number == number }
  }

  /// Between steps: waits while paused, and lets a hand on a slider go first.
  /// - Returns: whether the projection is still wanted.
  private func waitForTurn(_ number: Int) -> Bool {
    while mayGoOn(number) {
      let (isPaused, rest) = box.read { ($0.isPaused, $0.lastEdit + 0.4) }
      let left = isPaused ? 60 : rest - clock()
      if left <= 0 { return true }
      _ = box.wait(atMost: min(left, 60)) { box -> Bool? in
        box.isStopped || box.number != number || box.isPaused != isPaused ? true : nil
      }
    }
    return false
  }
}

extension Projector.Best {
  /// As a recipe has it.
  fileprivate func latent(in space: ProjectionSettings.Space) -> LatentSource {
    let values = ws.values
    return space == .w
      ? .w(Array(values.prefix(ws.shape[1]))) : .ws(values, rows: ws.shape[0])
  }

  /// The square as the search moved it.
  fileprivate func crop(from given: PhotoCrop) -> PhotoCrop {
    guard let pose = pose?.values else { return given }
    return given.moved(
      by: Similarity(x: pose[0], y: pose[1], logScale: pose[2], turn: pose[3]))
  }
}
