import Imaging
import Latents

/// The photo page: the search for the face in the square.
extension State {
  /// Steps at most; most searches end before, where the distance is level.
  package static let projectionSteps = 100

  mutating func startFinding() -> [Command] {
    photo.grip = nil
    photo.lastProjection += 1
    let order = ProjectionOrder(
      crop: photo.crop, settings: .fast(steps: Self.projectionSteps), distance: photo.distance)
    var projection = PhotoProjection(number: photo.lastProjection, order: order)
    projection.features = photo.pace?.features ?? ""
    projection.secondsPerStep = photo.pace?.secondsPerStep
    photo.projection = projection
    return [.project(number: photo.lastProjection, order)]
  }

  mutating func performOnProjection(_ action: Action) -> [Command] {
    guard let projection = photo.projection else { return [] }
    switch action {
    case .cancel: closePhoto()
    case .accept: return takeFound()
    case .pause: return pause(projection)
    case .stopFinding:
      guard projection.isUnderWay else { return [] }
      return stopFinding()
    case .refine: return refine(projection)
    case .usePartner:
      guard let best = projection.best else { return sayNothingFound() }
      closePhoto()
      return choosePartner(best.latent, name: photo.photo?.stem)
    case .backToSquare, .openFile:
      guard !projection.isUnderWay else {
        notice = .information("x stops the search first")
        return []
      }
      if action == .openFile {
        mode = .prompt(Prompt(.photoPath, text: photo.path))
      } else {
        photo.projection = nil
        photo.showTarget(photo.target)
      }
    default: break
    }
    return []
  }

  private mutating func sayNothingFound() -> [Command] {
    notice = .information("nothing is found yet")
    return []
  }

  private mutating func pause(_ projection: PhotoProjection) -> [Command] {
    switch projection.stage {
    case .running:
      photo.projection?.stage = .paused
      return [.pauseProjection(true)]
    case .paused:
      photo.projection?.stage = .running
      return [.pauseProjection(false)]
    case .preparing, .ended: return []
    }
  }

  private mutating func stopFinding() -> [Command] {
    endProjection(.stopped)
    return [.stopProjection]
  }

  private mutating func refine(_ projection: PhotoProjection) -> [Command] {
    guard !projection.isUnderWay else {
      notice = .information("first the search in W: x stops it where it is")
      return []
    }
    guard projection.best != nil else { return sayNothingFound() }
    guard projection.space == .w else {
      notice = .information("it is refined in W+ already")
      return []
    }
    guard let order = photo.projection?.refine(number: photo.lastProjection + 1) else { return [] }
    photo.lastProjection += 1
    return [.project(number: photo.lastProjection, order)]
  }

  /// The nearest face into the editor: a step like any new face, for undo and the journal.
  private mutating func takeFound() -> [Command] {
    guard let projection = photo.projection, let best = projection.best, let shown = photo.photo
    else { return sayNothingFound() }
    let wasUnderWay = projection.isUnderWay
    if wasUnderWay { endProjection(.stopped) }
    photo.projection?.isTaken = true
    closePhoto()
    document.presetName = nil
    mix.partnerName = nil
    let space = projection.bestRun?.space == .wPlus ? "W+" : "W"
    let commands = step(
      Recipe(latent: best.latent), label: "photo \(shown.stem) in \(space)", isStart: true,
      projection: photo.projection?.record(photo: shown.sha256))
    notice = .information("“\(shown.name)” as the model has it; s saves it, p leads back")
    return (wasUnderWay ? [.stopProjection] : []) + commands
  }

  /// - Note: the square shown becomes the one the search moved it to, which is what the face found
  ///   is to be compared with.
  private mutating func endProjection(_ ending: PhotoProjection.Ending) {
    guard var projection = photo.projection else { return }
    projection.stage = .ended(ending)
    // A second run that never began leaves the first as it was.
    if projection.runs.count > 1, projection.run.best == nil { projection.runs.removeLast() }
    photo.projection = projection
    if let best = projection.best { photo.showTarget(best.crop) }
  }

  mutating func receiveOfProjection(_ message: PhotoMessage) {
    guard var projection = photo.projection, projection.isUnderWay else { return }
    let last = projection.runs.count - 1
    switch message {
    case .prepared(let number, let crop, let start, let features):
      guard number == projection.number else { return }
      if projection.stage == .preparing { projection.stage = .running }
      projection.runs[last].start = start
      projection.features = features
      photo.projection = projection
      photo.showTarget(crop)
    case .resumed(let number, let distances, let firstComparable, let best):
      guard number == projection.number else { return }
      projection.runs[last].distances = distances
      projection.runs[last].firstComparable = firstComparable
      if let best {
        projection.runs[last].best = best
        projection.picture = (projection.picture ?? 0) + 1
      }
      photo.projection = projection
    case .stepped(let number, let distance, let best, let secondsPerStep):
      guard number == projection.number else { return }
      projection.runs[last].distances.append(distance)
      projection.secondsPerStep = secondsPerStep
      if let best {
        projection.runs[last].best = best
        projection.picture = (projection.picture ?? 0) + 1
      }
      photo.projection = projection
    case .restarted(let number):
      guard number == projection.number else { return }
      projection.runs[last].firstComparable = projection.runs[last].distances.count
      photo.projection = projection
    case .ended(let number, let ending):
      guard number == projection.number else { return }
      if let pace = projection.secondsPerStep, projection.distance == photo.distance {
        photo.pace = ProjectionPace(secondsPerStep: pace, features: projection.features)
      }
      endProjection(ending)
      tell(ending)
    default: break
    }
  }

  /// For who is not looking at the page.
  private mutating func tell(_ ending: PhotoProjection.Ending) {
    guard let shown = photo.photo else { return }
    if case .failed(let reason) = ending {
      notice = .error("“\(shown.name)” is not found: \(reason)")
    } else if !photo.isOpen {
      notice = .information("“\(shown.name)” is found: p shows it")
    }
  }
}
