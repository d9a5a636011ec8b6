import Files
import Glibc
import Imaging
import Latents
import NN
import StyleGAN
import Tensors

/// The projection of one photo from reading the crop to the written result.
struct ProjectionRun {
  /// How it came out; what was written is on disk by then.
  struct Result {
    let record: Preset.ProjectionRecord
    /// The photo's crop as it was found, at the model's size.
    let target: PixelImage
    /// [num_ws, w_dim], where it began.
    let start: Tensor
    let best: Projector.Best
    /// Steps of this run.
    let taken: Int
    let seconds: Float
    /// False where ctrl-C stopped it.
    let isFinished: Bool
  }

  let loaded: LoadedModel
  let photo: Photo
  /// As it was given, or where the face is.
  let crop: PhotoCrop
  let features: any PerceptualFeatures
  let settings: ProjectionSettings
  let usesMean: Bool
  let resumes: Bool
  /// A preset or an archive.
  let output: String
  let picture: String?
  let interruption: Interruption

  func callAsFunction() throws -> Result {
    let prepared: ProjectionPreparation
    do {
      prepared = try ProjectionPreparation(
        loaded, photo: photo, crop: crop, features: features, settings: settings,
        usesMean: usesMean, isCancelled: { interruption.isRequested })
    } catch let reached as ProjectionPreparation.Cancelled {
      let ws = ProjectionPreparation.repeated(reached.w, rows: loaded.configuration.numWs)
      try state(reached.target).saveBeginning()
      return try finish(
        begun(at: ws, reached.target), start: ws, reached.crop, steps: 0, taken: 0, seconds: 0,
        isFinished: false)
    }
    var projector = prepared.projector
    let state = state(prepared.target)
    if resumes { try restore(&projector, from: state) }
    announce(projector, prepared.start)
    let began = ContinuousClock.now
    let first = projector.completedSteps
    let isFinished = try advance(&projector, state)
    let time = ContinuousClock.now - began
    let best = projector.best ?? begun(at: projector.ws, prepared.target)
    let result = try finish(
      best, start: prepared.projector.ws, prepared.crop, steps: projector.completedSteps,
      taken: projector.completedSteps - first,
      seconds: Float(time.components.seconds) + Float(time.components.attoseconds) * 1e-18,
      isFinished: isFinished)
    if isFinished { unsafe unlink(state.path) } else { try state.save(projector) }
    return result
  }

  private func state(_ target: PixelImage) -> ProjectionFile {
    ProjectionFile(
      path: output + ".state",
      identity: .init(
        model: loaded.reference.sha256 ?? loaded.reference.name,
        target: SHA256.hex(of: target.bytes)))
  }

  private func restore(_ projector: inout Projector, from state: ProjectionFile) throws {
    if unsafe access(state.path, F_OK) != 0, errno == ENOENT {
      StandardError.write("\(state.path) is not there: beginning anew\n")
      return
    }
    try state.restore(&projector)
  }

  /// Says before the first step how long it will take.
  private func announce(_ projector: Projector, _ start: ProjectionPreparation.Start) {
    guard StandardError.isTerminal else { return }
    let estimate = ProjectionEstimate(of: projector, isCancelled: { interruption.isRequested })
    let from =
      switch start {
      case .encoder: "what the encoder saw"
      case .nearest: "the nearest of sampled faces"
      case .mean: "the mean"
      }
    StandardError.write(
      "from \(from), at most \(estimate.steps) steps, "
        + "about \(ProjectionLine.time(estimate.seconds))\n")
  }

  /// - Returns: false where ctrl-C stopped it.
  private func advance(_ projector: inout Projector, _ state: ProjectionFile) throws -> Bool {
    let line = ProjectionLine(total: projector.settings.steps, first: projector.completedSteps)
    var canSave = true
    func save(_ projector: Projector) {
      guard canSave else { return }
      do {
        try state.save(projector)
      } catch {
        // The result may find room yet.
        canSave = false
        StandardError.write("mien: \(error); it could not be resumed\n")
      }
    }
    if projector.completedSteps == 0 { save(projector) }
    var saved = ContinuousClock.now
    while !projector.isFinished {
      if interruption.isRequested { return false }
      let progress = projector.step()
      line.update(
        done: projector.completedSteps, distance: progress.distance,
        best: projector.best?.distance ?? progress.distance)
      // A crash costs no more than this.
      if ContinuousClock.now - saved > .seconds(1) {
        save(projector)
        saved = ContinuousClock.now
      }
    }
    return true
  }

  /// Where a projection begins, as its nearest.
  private func begun(at ws: Tensor, _ target: PixelImage) -> Projector.Best {
    let noise = loaded.generator.storedNoise
    let channels = loaded.configuration.imageChannels
    let wanted = Tensor(picture: target, channels: channels)
    func seen(_ picture: Tensor) -> [Tensor] {
      let side = target.width
      return features(DefinedObjective.compared(picture.reshaped([1, channels, side, side])))
    }
    let distance = features.distance(seen(show(ws, noise)), seen(wanted)).scalar
    return Projector.Best(ws: ws, noise: noise, distance: distance, step: 0)
  }

  private func show(_ ws: Tensor, _ noise: [Tensor]) -> Tensor {
    loaded.generator.picture(
      ws: ws.reshaped([1, ws.shape[0], ws.shape[1]]), noise: NoiseInputs(maps: noise))
  }

  /// The picture of a latent, with the noise it was found with.
  func image(_ ws: Tensor, noise: [Tensor]? = nil) -> PixelImage {
    PixelImage(networkOutput: show(ws, noise ?? loaded.generator.storedNoise))
  }

  /// Writes the nearest.
  private func finish(
    _ best: Projector.Best, start: Tensor, _ crop: PhotoCrop, steps: Int, taken: Int,
    seconds: Float, isFinished: Bool
  ) throws -> Result {
    var crop = crop
    if let pose = best.pose?.values {
      crop = crop.moved(
        by: Similarity(x: pose[0], y: pose[1], logScale: pose[2], turn: pose[3]))
    }
    let record = Preset.ProjectionRecord(
      photo: photo.sha256, crop: [crop.x, crop.y, crop.size, crop.angle].map { Float($0) },
      features: features.name, settings: settings, taken: steps, distance: best.distance)
    let preset = Preset(name: photo.name, model: loaded.reference, best: best, record: record)
    if output.hasSuffix(".npz") {
      try LatentFile.write(best.ws, to: output, isArchive: true)
    } else {
      try preset.save(to: output)
    }
    if let picture {
      let file = PictureFile(
        image(best.ws, noise: best.noise), preset: preset, model: loaded.configuration)
      try AtomicFile.write(file.png, to: picture)
    }
    return Result(
      record: record, target: photo.target(crop, side: loaded.configuration.resolution),
      start: start, best: best, taken: taken, seconds: seconds, isFinished: isFinished)
  }
}

extension Photo {
  /// The file's, without folder and ending.
  var name: String { String((path.split(separator: "/").last ?? "photo").prefix { $0 != "." }) }
}
