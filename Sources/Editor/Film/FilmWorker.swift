import Film
import FoundationEssentials
import Imaging
import Latents
import StyleGAN
import Tensors

/// What the film page does beside the editing: small pictures of keyframes, the playback, and
/// films being made, each without making a hand on a slider wait for more than a frame.
final class FilmWorker: Sendable {
  private struct Box: Sendable {
    var thumbnails: [(id: Int, recipe: Recipe)] = []
    /// The film that plays, and which of those begun it is.
    var playing: Timeline?
    var playNumber = 0
    var directions: DirectionLibrary
    var hasPreviewThread = false
    var isMaking = false
    var stopsMaking = false
    /// When a hand last moved something.
    var lastEdit = -Double.infinity
    var isStopped = false
  }

  private let box: Monitor<Box>
  private let model: any LatentModel
  private let reference: ModelReference
  private let clock: @Sendable () -> Double
  private let deliver: @Sendable (FilmMessage, (id: Int, PixelImage)?) -> Void

  /// - Parameter deliver: called on other threads: a message and the picture it is about.
  init(
    model: any LatentModel, reference: ModelReference, directions: DirectionLibrary,
    clock: @escaping @Sendable () -> Double,
    deliver: @escaping @Sendable (FilmMessage, (id: Int, PixelImage)?) -> Void
  ) {
    box = Monitor(Box(directions: directions))
    self.model = model
    self.reference = reference
    self.clock = clock
    self.deliver = deliver
  }

  func use(_ directions: DirectionLibrary) { box.update { $0.directions = directions } }

  /// A hand moves something: films wait.
  func yieldToEditing() {
    let now = clock()
    box.update { $0.lastEdit = now }
  }

  func stop() { box.update { $0.isStopped = true } }

  // MARK: Small pictures and playback

  func requestThumbnail(id: Int, _ recipe: Recipe) {
    box.update { $0.thumbnails.append((id, recipe)) }
    startPreviewThread()
  }

  func play(_ film: Timeline) {
    box.update { box in
      box.playing = film
      box.playNumber += 1
    }
    startPreviewThread()
  }

  func stopPlaying() {
    box.update { box in
      box.playing = nil
      box.playNumber += 1
    }
  }

  private func startPreviewThread() {
    let isNew = box.update { box in
      defer { box.hasPreviewThread = true }
      return !box.hasPreviewThread
    }
    guard isNew else { return }
    if !WorkerThread.start({ [self] in preview() }) {
      deliver(.playingFailed("the system has no thread left to play films"), nil)
    }
  }

  private enum Task {
    case stop
    case thumbnail(id: Int, Recipe)
    case play(Timeline, number: Int)
  }

  private func preview() {
    var cache = LatentCache()
    var budget = PreviewBudget(seconds: 0.040)
    var path: (number: Int, path: TimelinePath, start: Double)?
    while true {
      let shown = path?.number
      let task = box.wait { box -> Task? in
        if box.isStopped { return .stop }
        if !box.thumbnails.isEmpty {
          let first = box.thumbnails.removeFirst()
          return .thumbnail(id: first.id, first.recipe)
        }
        return box.playing.map { .play($0, number: box.playNumber) }
      }
      switch task {
      case .stop, nil: return
      case .thumbnail(let id, let recipe):
        let ws = try? recipe.ws(model: model, directions: directions, cache: &cache)
        guard let ws, let image = picture(ws, recipe.noise.noiseMode, &budget) else { continue }
        deliver(.thumbnail(id: id), (State.ImageID.keyframe(id), image))
      case .play(let film, let number):
        if shown != number {
          do {
            let place = path.map { clock() - $0.start } ?? 0
            let new = try TimelinePath(film, model: model, directions: directions)
            // A film that is changed while it plays goes on where it was.
            path = (number, new, clock() - (shown == nil ? 0 : place))
          } catch {
            stopPlaying()
            path = nil
            deliver(.playingFailed("\(error)"), nil)
            continue
          }
        }
        if let path { show(path.path, start: path.start, number: number, &budget) }
      }
      if box.read({ $0.playing == nil }) { path = nil }
    }
  }

  /// One picture of the playback, of the moment; slow machines show fewer.
  private func show(
    _ path: TimelinePath, start: Double, number: Int, _ budget: inout PreviewBudget
  ) {
    let begun = clock()
    let length = max(path.schedule.length, 1e-3)
    let elapsed = begun - start
    let time = elapsed - (elapsed / length).rounded(.down) * length
    let frame = path.frame(at: time, turn: time / length)
    let configuration = model.configuration
    let ws = Tensor(frame.ws, shape: [configuration.numWs, configuration.wDim])
    guard let image = picture(ws, frame.noise, &budget) else { return }
    guard box.read({ $0.playNumber == number && $0.playing != nil }) else { return }
    let seconds = path.timeline.seconds * time / length
    deliver(.played(seconds: seconds), (State.ImageID.playback, image))
    // Twenty-five a second are enough to judge a film by.
    let rest = 0.040 - (clock() - begun)
    guard rest > 0 else { return }
    _ = box.wait(atMost: rest) { $0.isStopped || $0.playNumber != number ? true : nil }
  }

  private func picture(
    _ ws: Tensor, _ noise: NoiseMode, _ budget: inout PreviewBudget
  ) -> PixelImage? {
    let sizes = model.configuration.previewResolutions.filter { $0 <= 256 }
    let rung =
      sizes.isEmpty
      ? Rung(model.configuration.resolution)
      : budget.rung(among: sizes, hasDrafts: model.hasDrafts)
    let begun = clock()
    let output = model.synthesize(
      ws: ws, noise: noise,
      upTo: rung.resolution == model.configuration.resolution ? nil : rung.resolution,
      precision: rung.precision, isCancelled: { [box] in box.read { $0.isStopped } })
    guard let output else { return nil }
    budget.record(rung, seconds: clock() - begun)
    return PixelImage(networkOutput: output)
  }

  private var directions: DirectionLibrary { box.read { $0.directions } }

  // MARK: Making

  func make(_ film: Timeline, path: String) {
    let isFree = box.update { box in
      defer { box.isMaking = true }
      if !box.isMaking { box.stopsMaking = false }
      return !box.isMaking
    }
    guard isFree else { return }
    let isStarted = WorkerThread.start { [self] in
      let message = made(film, path: FilmWorker.expanded(path))
      box.update { $0.isMaking = false }
      deliver(message, nil)
    }
    if !isStarted {
      box.update { $0.isMaking = false }
      deliver(.makingFailed("the system has no thread left to make films"), nil)
    }
  }

  func stopMaking() { box.update { $0.stopsMaking = true } }

  private var isMakingStopped: Bool { box.read { $0.isStopped || $0.stopsMaking } }

  private func made(_ film: Timeline, path: String) -> FilmMessage {
    do {
      let format = try FilmFormat(path: path)
      let side = model.configuration.resolution
      let way = try TimelinePath(film, model: model, directions: directions)
      try format.validate(
        side: side, frames: film.frames,
        rate: (film.frameRate.description, film.frameRate.perSecond))
      let ffmpeg =
        format.needsProgram ? FFmpeg.find(in: ProcessInfo.processInfo.environment) : nil
      let output: FilmMaker.Output = format == .frames ? .folder(path) : .file(path)
      try FilmMaker.prepare(output, format: format, frames: film.frames, ffmpeg: ffmpeg)
      deliver(.making(path: path, done: 0, total: film.frames), nil)
      let isCancelled: @Sendable () -> Bool = { [self] in isMakingStopped }
      var times = way.schedule.times(frames: film.frames, isLoop: film.isLoop)
      let stopped = FilmMessage.makingStopped(path: path, done: 0, total: film.frames)
      if film.isConstantSpeed {
        let speed = EvenSpeed(
          way, model: model, frames: film.frames, progress: { _, _ in waitForEditing() },
          isCancelled: isCancelled)
        guard let speed else { return stopped }
        times = speed.times
      }
      var plan = FilmPlan(way, times: times, format: format, side: side, model: reference)
      if format == .gif {
        plan.palette = GIFPalette(of: plan, model: model, isCancelled: isCancelled)
        if plan.palette == nil { return stopped }
      }
      let maker = FilmMaker(plan, models: [model], output: output, resumes: true, ffmpeg: ffmpeg)
      var told = -Double.infinity
      var done = 0
      let report = try maker.make(
        progress: { count, _, total in
          done = count
          waitForEditing()
          guard clock() - told > 0.1 || count == total else { return }
          told = clock()
          deliver(.making(path: path, done: count, total: total), nil)
        }, isCancelled: isCancelled)
      return report.ending == .cancelled
        ? .makingStopped(path: path, done: done, total: report.frames) : .made(path: path)
    } catch {
      return .makingFailed("\(error)")
    }
  }

  /// Between frames: a hand on a slider goes first.
  private func waitForEditing() {
    while !isMakingStopped, clock() - box.read({ $0.lastEdit }) < 0.4 {
      _ = box.wait(atMost: 0.05) { $0.isStopped || $0.stopsMaking ? true : nil }
    }
  }

  // MARK: Timelines

  static func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"] else {
      return path
    }
    return home + path.dropFirst(1)
  }

  /// - Parameter preset: finds the presets that keyframes name.
  func open(
    _ path: String, preset: (String) throws -> Preset
  ) throws -> Timeline {
    let timeline = try Timeline.load(path: FilmWorker.expanded(path)) { name throws(PresetError) in
      do {
        return try preset(name)
      } catch let error as PresetError {
        throw error
      } catch {
        throw PresetError(file: name, reason: .noSuchPreset(name: name))
      }
    }
    guard timeline.model.matches(reference) else {
      throw TimelineError(
        file: path, reason: .otherModel(timeline: timeline.model, loaded: reference))
    }
    return timeline
  }
}
