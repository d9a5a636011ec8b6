import ArgumentParser
import Film
import Files
import FoundationEssentials
import Latents
import StyleGAN

struct VideoMakeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "make",
    abstract: "Make a film from face to face (also what 'mien video' does).",
    discussion: """
      A keyframe is a seed (or several: 0-5), a preset (a file, a name in your library, a picture \
      made by mien), or either with changes: 42+smile=2. One timeline file, as -o film.json writes \
      it, says everything; options change it. By the ending of -o: .mp4 (H.264), .webm (VP9 or \
      AV1), .gif, .png (APNG), .y4m, or a folder of numbered PNGs; - is Y4M on the standard output.

      What is done is kept when a film is interrupted, and --resume goes on there. Several \
      processes share the work with --shard, or by themselves where mpirun, srun or an array job \
      starts them; the last one joins the parts, or 'mien video join' does.
      """)

  @Argument(help: "Seeds, presets, or one timeline.")
  var keyframes: [String]

  @OptionGroup var film: FilmOptions
  @OptionGroup var model: ModelOption

  @Option(help: ArgumentHelp("How a .webm is encoded. (default: vp9)", valueName: "vp9|av1"))
  var codec: FilmFormat.WebMCodec?

  @Option(help: ArgumentHelp("Pixels a side. (default: the model's)", valueName: "pixels"))
  var size: Int?

  @Flag(help: "Go on where an interrupted run of the same film stopped.")
  var resume = false

  @Option(
    help: ArgumentHelp(
      "Make one share of the film: 2/3 is the second of three; 1/1 is all of it.", valueName: "K/N"),
    transform: { text throws(Failure) in
      guard let shard = Shard(parsing: text) else {
        throw .usage("write a share as K/N, from 1/N to N/N")
      }
      return shard
    })
  var shard: Shard?

  @Flag(help: "Use presets that were made for another model all the same.")
  var force = false

  @OptionGroup var json: JSONOption

  @Option(name: .shortAndLong, help: ArgumentHelp("File or folder.", valueName: "path"))
  var output: String

  func run() throws {
    PatientThreads.useFromNow()
    let interruption = Interruption()
    let environment = ProcessInfo.processInfo.environment
    let destination = try FilmDestination(output, codec: codec)
    let share = shard ?? Shard.given(by: environment)
    if destination.isStream {
      guard share.isWhole, !resume else {
        throw Failure.usage("a film on the standard output has no parts to share or to resume")
      }
      if json.json { throw Failure.usage("--json and the film both go to the standard output") }
    }
    let loaded = try model.load()
    // The ways through a layer agree to the last digits, not to the last bit: films are made the
    // same way by every process and in every run, whatever was measured before.
    var usualWays = SynthesisPlan()
    loaded.generator.adopt(&usualWays)
    var timeline = try timeline(for: loaded, destination: destination)
    film.apply(to: &timeline)
    let directions = try directions(for: &timeline, loaded, interruption)
    let path: TimelinePath
    do {
      path = try TimelinePath(timeline, model: loaded.model, directions: directions)
    } catch {
      throw TimelineError(file: timelineFile, reason: error)
    }
    guard case .film(let format) = destination.kind else {
      try timeline.save(to: output)
      return
    }
    let side = size ?? loaded.configuration.resolution
    try format.validate(
      side: side, frames: timeline.frames,
      rate: (timeline.frameRate.description, timeline.frameRate.perSecond))
    let ffmpeg = format.needsProgram ? FFmpeg.find(in: environment) : nil
    try FilmMaker.prepare(
      destination.output, format: format, frames: timeline.frames, ffmpeg: ffmpeg)
    if let source = share.source {
      StandardError.write("mien: share \(share) of the film (\(source))\n")
    }

    let (times, speed) = try times(path, loaded, interruption)
    var plan = FilmPlan(
      path, times: times, format: format, side: side, model: loaded.reference)
    if format == .gif {
      plan.palette = GIFPalette(of: plan, model: loaded.model) { interruption.isRequested }
      if plan.palette == nil { throw Failure.cancelled("cancelled before the first frame was done") }
    }
    let maker = FilmMaker(
      plan, models: loaded.modelsForFilm, output: destination.output, shard: share, resumes: resume,
      ffmpeg: ffmpeg, measuresSteps: speed != nil || json.json)
    var progress = FilmProgress()
    let start = ContinuousClock.now
    let report = try maker.make(
      progress: { progress.update($0, kept: $1, of: $2) }, isCancelled: { interruption.isRequested })
    FilmSummary(
      plan: plan, path: output, share: share, speed: speed, report: report,
      elapsed: ContinuousClock.now - start
    ).print(asJSON: json.json)
    if report.ending == .cancelled { throw cancelled(report, destination) }
  }

  private var timelineFile: String? { isTimeline ? keyframes[0] : nil }

  private func cancelled(
    _ report: FilmMaker.Report, _ destination: FilmDestination
  ) -> Failure {
    let done = report.kept + report.rendered
    switch destination.output {
    case .stream: return .cancelled("cancelled; the stream ends after \(done) frames")
    case .folder(let path):
      return .cancelled(
        "cancelled; \(done) of \(report.frames) frames are in \(path); --resume goes on there")
    case .file(let path):
      return .cancelled(
        "cancelled; \(done) of \(report.frames) frames are kept in \(FilmJoin.folder(of: path)); "
          + "--resume goes on there")
    }
  }

  // MARK: The timeline

  /// Whether the one argument is a timeline's file.
  private var isTimeline: Bool {
    guard keyframes.count == 1, keyframes[0].hasSuffix(".json"),
      let file = try? MappedFile(path: keyframes[0])
    else { return false }
    return Timeline.isTimeline(unsafe file.withBytes { unsafe Array($0) })
  }

  private func timeline(
    for loaded: LoadedModel, destination: FilmDestination
  ) throws -> Timeline {
    if isTimeline {
      let file = keyframes[0]
      let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
      var timeline = try Timeline.load(path: file) { name throws(PresetError) in
        try KeyframePresets(folder: folder, reference: force ? nil : loaded.reference).load(name)
      }
      if force {
        timeline.model = loaded.reference
      } else if !timeline.model.matches(loaded.reference) {
        throw TimelineError(
          file: file, reason: .otherModel(timeline: timeline.model, loaded: loaded.reference))
      }
      return timeline
    }
    let faces = try keyframes.flatMap {
      try KeyframeArgument($0).load(
        reference: loaded.reference, force: force, library: .ofUser)
    }
    var timeline = Timeline(name: destination.title, model: loaded.reference, keyframes: faces)
    // Presets that agree on their noise are filmed with it.
    if let noise = faces.first?.recipe.noise, faces.allSatisfy({ $0.recipe.noise == noise }) {
      switch noise.mode {
      case .const: break
      case .none: timeline.noise = .none
      case .random: timeline.noise = .random(seed: noise.seed)
      }
    }
    return timeline
  }

  /// The directions the film names; changes written beside a keyframe get the rows of theirs.
  private func directions(
    for timeline: inout Timeline, _ loaded: LoadedModel, _ interruption: Interruption
  ) throws -> DirectionLibrary {
    var recipes = timeline.keyframes.map(\.recipe)
    recipes.append(
      Recipe(
        latent: .seed(0),
        edits: timeline.sweeps.map { Edit(direction: $0.direction, strength: 0) }))
    let directions = try loaded.directions(for: recipes, interruption)
    guard !isTimeline else { return directions }
    let written = keyframes.map { KeyframeArgument($0).edits }.reduce(into: Set<Edit>()) {
      $0.formUnion($1)
    }
    for index in timeline.keyframes.indices {
      for place in timeline.keyframes[index].recipe.edits.indices {
        let edit = timeline.keyframes[index].recipe.edits[place]
        guard written.contains(edit), let direction = directions[edit.direction] else { continue }
        timeline.keyframes[index].recipe.edits[place].rows = direction.rows
      }
    }
    return directions
  }

  private func times(
    _ path: TimelinePath, _ loaded: LoadedModel, _ interruption: Interruption
  ) throws -> ([Double], EvenSpeed?) {
    let timeline = path.timeline
    guard timeline.isConstantSpeed else {
      return (path.schedule.times(frames: timeline.frames, isLoop: timeline.isLoop), nil)
    }
    var work = ShareOfWork("looking along the way")
    let speed = EvenSpeed(
      path, model: loaded.model, frames: timeline.frames,
      progress: { work.update(Double($0) / Double($1)) },
      isCancelled: { interruption.isRequested })
    guard let speed else { throw Failure.cancelled("cancelled before the first frame was done") }
    return (speed.times, speed)
  }
}

extension FilmFormat.WebMCodec: ExpressibleByArgument {}

/// The presets that a timeline's keyframes name: beside the timeline, or in the user's library.
private struct KeyframePresets {
  let folder: String
  /// nil where any model will do.
  let reference: ModelReference?

  func load(_ name: String) throws(PresetError) -> Preset {
    let preset: Preset
    if name.hasSuffix(".json") {
      preset = try Preset.load(path: name.hasPrefix("/") ? name : folder + name)
    } else if let found = try PresetArgument(name, library: .ofUser).find() {
      preset = found
    } else {
      throw PresetError(
        file: PresetLibrary.ofUser.folder, reason: .noSuchPreset(name: name))
    }
    if let reference { try preset.requireModel(reference, file: name) }
    return preset
  }
}
