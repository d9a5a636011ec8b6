import ArgumentParser
import Files
import Glibc
import Imaging
import Latents
import NN
import StyleGAN
import Tensors

struct ProjectCommand: ParsableCommand {
  enum Features: String, ExpressibleByArgument, CaseIterable {
    case builtin, lpips
  }

  enum Method: String, ExpressibleByArgument, CaseIterable {
    case fast, reference
  }

  static let configuration = CommandConfiguration(
    commandName: "project",
    abstract: "Find a photo in the latent space.",
    discussion: """
      Optimises w until the model's picture is as near to the photo as it comes (StyleGAN2 paper, \
      appendix D), and writes the nearest as a preset. Ctrl-C keeps the best so far and where it \
      stood, beside the preset, and --resume goes on from there. The built-in distance compares \
      the scales of a picture and its edges; lpips is VGG16 with the LPIPS heads, imported once \
      with mien model import.
      """)

  @Argument(help: ArgumentHelp("A JPEG, PNG, WebP or PPM file.", valueName: "photo"))
  var photo: String
  @OptionGroup var model: ModelOption
  @Option(
    help: ArgumentHelp(
      "w: one latent for all rows. w+: one for each, nearer to the photo.", valueName: "w|w+"))
  var space = ProjectionSettings.Space.w
  @Option(
    help: ArgumentHelp(
      "fast: begins at what the model's encoder sees, or the nearest of sampled faces, and moves, "
        + "turns and scales the crop along with w. reference: begins at the mean, the crop as "
        + "given.", valueName: "fast|reference"))
  var method = Method.fast
  @Option(help: "How many steps at most: 100, or 500 of the reference's, unless given.")
  var steps: Int?
  @Flag(help: "Leaves the crop as it is.")
  var keepCrop = false
  @Option(
    help: ArgumentHelp(
      "The square to find: auto, where the face is, or centre, side and turn in pixels and degrees.",
      valueName: "auto|x,y,size,angle"))
  var crop = "auto"
  @Option(help: "Which of several faces; 1 is the largest.")
  var face: Int?
  @Option(help: ArgumentHelp("What pictures are compared by.", valueName: "builtin|lpips"))
  var features = Features.builtin
  @Option(
    help: ArgumentHelp(
      "stored: the model's, which presets are shown with. optimised: found along with w, as the "
        + "reference does; a preset cannot keep them.", valueName: "stored|optimised"))
  var noiseMaps = ProjectionSettings.NoiseMaps.stored
  @Option(help: "Of the random numbers.")
  var seed: UInt32 = 303
  @Flag(help: "Go on where an earlier run with the same options stopped.")
  var resume = false
  @Option(help: ArgumentHelp("A picture of the result, beside the preset.", valueName: "png"))
  var picture: String?
  @OptionGroup var json: JSONOption
  @Option(
    name: .shortAndLong, help: ArgumentHelp("A .json preset, or a .npz of ws.", valueName: "path"))
  var output: String

  func validate() throws {
    if let face, face < 1 { throw ValidationError("--face is at least 1, not \(face)") }
    if let steps, steps < 1 {
      throw ValidationError("--steps is at least 1, not \(steps)")
    }
    guard output.hasSuffix(".json") || output.hasSuffix(".npz") else {
      throw ValidationError("-o \(output): a projection is written to .json or .npz")
    }
    if let picture, !picture.hasSuffix(".png") {
      throw ValidationError("--picture \(picture): a picture is written to .png")
    }
  }

  private var settings: ProjectionSettings {
    var settings = method == .fast ? ProjectionSettings.fast(steps: 100) : ProjectionSettings()
    if method == .reference { settings.steps = 500 }
    if let steps { settings.steps = steps }
    if keepCrop { settings.crop = .fixed }
    settings.space = space
    settings.noiseMaps = noiseMaps
    settings.seed = seed
    return settings
  }

  func run() throws {
    let interruption = Interruption()
    let choice = try CropOption(parsing: crop)
    let photo = try Photo(path: photo)
    let loaded = try model.load()
    guard loaded.configuration.family != .styleGAN3 else {
      throw Failure.failed("projection into StyleGAN3 models is not supported yet")
    }
    // Refuses at once what could not be written after minutes.
    _ = try AtomicFile(replacing: output)
    let crop = try photo.crop(choice, face: face, for: loaded.generator)
    let settings = settings
    let prepared = try ProjectionPreparation(
      loaded, photo: photo, crop: crop, features: try distance(), settings: settings,
      usesMean: method == .reference)
    var projector = prepared.projector
    let state = ProjectionFile(
      path: output + ".state",
      identity: .init(
        model: loaded.reference.sha256 ?? loaded.reference.name,
        target: SHA256.hex(of: prepared.target.bytes)))
    if resume { try state.restore(&projector) }

    announce(ProjectionEstimate(of: projector), prepared.start)
    let started = ContinuousClock.now
    let first = projector.completedSteps
    let finished = try advance(&projector, state, interruption)
    let record = try write(projector, loaded, photo, prepared.crop)
    if finished {
      unsafe unlink(state.path)
    } else {
      try state.save(projector)
      throw Failure.cancelled(
        "stopped after \(projector.completedSteps) of \(settings.steps) steps; the best so far is in "
          + "\(output), --resume goes on")
    }
    report(record, seconds: ContinuousClock.now - started, taken: projector.completedSteps - first)
  }

  private func distance() throws -> any PerceptualFeatures {
    features == .lpips ? try FeatureNetworkFile.ofUser() : PyramidFeatures()
  }

  /// Says before the first step how long it will take.
  private func announce(_ estimate: ProjectionEstimate, _ start: ProjectionPreparation.Start) {
    guard StandardError.isTerminal else { return }
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
  private func advance(
    _ projector: inout Projector, _ state: ProjectionFile, _ interruption: Interruption
  ) throws -> Bool {
    let line = ProjectionLine(total: projector.settings.steps, first: projector.completedSteps)
    var saved = ContinuousClock.now
    while !projector.isFinished {
      if interruption.isRequested { return false }
      let progress = projector.step()
      line.update(
        done: projector.completedSteps, distance: progress.distance,
        best: projector.best?.distance ?? progress.distance)
      // A crash costs no more than this.
      if ContinuousClock.now - saved > .seconds(10) {
        try state.save(projector)
        saved = ContinuousClock.now
      }
    }
    return true
  }

  private func write(
    _ projector: Projector, _ loaded: LoadedModel, _ photo: Photo, _ crop: PhotoCrop
  ) throws -> Preset.ProjectionRecord {
    guard let best = projector.best else {
      throw Failure.failed("stopped before the first step; nothing was written")
    }
    var crop = crop
    if let pose = best.pose?.values {
      crop = crop.moved(
        by: Similarity(x: pose[0], y: pose[1], logScale: pose[2], turn: pose[3]))
    }
    let record = Preset.ProjectionRecord(
      photo: photo.sha256, crop: [crop.x, crop.y, crop.size, crop.angle].map { Float($0) },
      features: projector.featureName, settings: settings, taken: projector.completedSteps,
      distance: best.distance)
    let stem = (photo.path.split(separator: "/").last ?? "photo").prefix { $0 != "." }
    let preset = Preset(
      name: String(stem), model: loaded.reference, best: best, record: record)
    if output.hasSuffix(".npz") {
      try LatentFile.write(best.ws, to: output, isArchive: true)
    } else {
      try preset.save(to: output)
    }
    if let picture {
      let batch = best.ws.reshaped([1, best.ws.shape[0], best.ws.shape[1]])
      let image = PixelImage(
        networkOutput: loaded.generator.picture(
          ws: batch, noise: NoiseInputs(maps: best.noise)))
      let file = PictureFile(image, preset: preset, model: loaded.configuration)
      try AtomicFile.write(file.png, to: picture)
    }
    return record
  }

  private func report(_ record: Preset.ProjectionRecord, seconds: Duration, taken: Int) {
    let time =
      Float(seconds.components.seconds) + Float(seconds.components.attoseconds) * 1e-18
    if json.json {
      StandardOutput.write(
        JSONDocument.object(
          JSONMembers([
            "path": .string(output), "projection": record.json, "seconds": .number(time),
            "steps": .number(taken),
          ])
        ).pretty)
      return
    }
    StandardOutput.write(
      "\(output): distance \(ProjectionLine.short(record.distance)) by \(record.features) after "
        + "\(record.steps.taken) steps, \(ProjectionLine.short(time)) s\n")
  }
}

extension ProjectionSettings.Space: ExpressibleByArgument {}
extension ProjectionSettings.NoiseMaps: ExpressibleByArgument {}

extension FeatureNetworkFile {
  /// Where `mien model import` keeps it.
  static var pathOfUser: String { StandardFolders.ofUser.dataHome + "/features/" + fileName }

  static func ofUser() throws -> LPIPSFeatures {
    let path = pathOfUser
    guard unsafe access(path, R_OK) == 0 else {
      throw Failure.failed(
        "no LPIPS features are installed; import torchvision's vgg16 weights with the LPIPS heads: "
          + "mien model import vgg16.pth --lpips-heads vgg.pth")
    }
    return try load(path: path)
  }
}
