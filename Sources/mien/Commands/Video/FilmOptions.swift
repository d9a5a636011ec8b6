import ArgumentParser
import Film
import Latents

/// What a film is like. What is not given comes from the timeline, where one is given, or is as the
/// help says.
struct FilmOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Between keyframes: straight lines in W, great circles in Z (faces of seeds only), or a smooth curve through W+. (default: spline)",
      valueName: "linear|slerp|spline"))
  var interpolation: Interpolation?

  @Option(
    help: ArgumentHelp(
      "Some rows of ws go another way, or stay those of the first keyframe: fine=still, 0-3=linear.",
      valueName: "RANGE=WAY"),
    transform: { try RowRule(parsing: $0) })
  var rows: [RowRule] = []

  @Flag(help: "Lead back to the first keyframe, without a seam.")
  var loop = false

  @Option(help: ArgumentHelp("Frames of the whole film, instead of --duration.", valueName: "count"))
  var frames: Int?

  @Option(
    help: ArgumentHelp("Frames a second: 30, 29.97, 24000/1001. (default: 30)", valueName: "rate"),
    transform: { try FrameRate(argument: $0) })
  var fps: FrameRate?

  @Option(help: ArgumentHelp("Seconds from keyframe to keyframe. (default: 2)", valueName: "seconds"))
  var duration: Double?

  @Option(help: ArgumentHelp("Seconds to stay at each keyframe. (default: 0)", valueName: "seconds"))
  var hold: Double?

  @Option(
    help: ArgumentHelp(
      "Start slowly, end slowly, or both, from keyframe to keyframe. (default: none)",
      valueName: "none|in|out|in-out"))
  var ease: Easing?

  @Flag(help: "Time the frames so that the picture changes evenly.")
  var constantSpeed = false

  @Option(parsing: .unconditional, help: "Truncation of all faces. (default: 1, presets: their own)")
  var psi: Float?

  @Option(
    parsing: .unconditional, help: "Truncation at the film's beginning; with --psi-to, instead of --psi.")
  var psiFrom: Float?

  @Option(
    parsing: .unconditional,
    help: "Truncation at its end; in a loop in its middle, and back.")
  var psiTo: Float?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A direction's strength over the film: smile:-3:3; in a loop there and back. Repeat for more.",
      valueName: "DIRECTION:FROM:TO"),
    transform: { try Sweep(parsing: $0) })
  var sweep: [Sweep] = []

  @Option(
    help: ArgumentHelp(
      "Per-pixel noise: the model's own maps, or maps that change smoothly and come back, or none. (default: const)",
      valueName: "const|loop|none"))
  var noise: FilmNoise?

  @Option(
    help: ArgumentHelp("Truncate only the rows of ws below this number.", valueName: "row"))
  var cutoff: Int?

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("Class number, for conditional models. (default: 0)", valueName: "number"))
  var classIndex: Int?

  @Option(help: ArgumentHelp("The film's title. (default: the output's name)", valueName: "words"))
  var title: String?

  func validate() throws {
    if let frames {
      guard frames > 0 else { throw ValidationError("a film needs at least one frame (--frames)") }
      guard frames <= Timeline.frameLimit else {
        throw ValidationError("a film has at most \(Timeline.frameLimit) frames (--frames)")
      }
    }
    for (name, value) in [("--duration", duration), ("--hold", hold)] {
      if let value, !value.isFinite || !(0...86_400).contains(value) {
        throw ValidationError("\(name) is between 0 and 86400 seconds, not \(value)")
      }
    }
    if (psiFrom == nil) != (psiTo == nil) {
      throw ValidationError("--psi-from and --psi-to belong together")
    }
    if psi != nil, psiFrom != nil {
      throw ValidationError("--psi and --psi-from both say the truncation; give one")
    }
    for value in [psi, psiFrom, psiTo] {
      if let value, !value.isFinite { throw ValidationError("ψ is a finite number, not \(value)") }
    }
    if constantSpeed, let ease, ease != .none {
      throw ValidationError(
        "--constant-speed evens out what --ease makes uneven; give one of them")
    }
    if let cutoff, cutoff < 0 {
      throw ValidationError("--cutoff counts rows from 0, not \(cutoff)")
    }
    if let classIndex, classIndex < 0 {
      throw ValidationError("--class counts from 0, not \(classIndex)")
    }
  }

  /// Changes what was asked for and leaves the rest.
  func apply(to timeline: inout Timeline) {
    if let interpolation { timeline.interpolation = interpolation }
    if !rows.isEmpty { timeline.rowRules = rows }
    if loop { timeline.isLoop = true }
    if let frames { timeline.frameCount = frames }
    if let fps { timeline.frameRate = fps }
    if let ease { timeline.easing = ease }
    if constantSpeed { timeline.isConstantSpeed = true }
    if let psiFrom, let psiTo { timeline.psi = Track(from: psiFrom, to: psiTo) }
    if !sweep.isEmpty { timeline.sweeps = sweep }
    if let noise { timeline.noise = noise.value }
    if let title { timeline.name = title }
    for index in timeline.keyframes.indices {
      if let duration {
        timeline.keyframes[index].duration = duration
        if frames == nil { timeline.frameCount = nil }
      }
      if let hold { timeline.keyframes[index].hold = hold }
      if let psi { timeline.keyframes[index].recipe.truncation.psi = psi }
      if let cutoff { timeline.keyframes[index].recipe.truncation.cutoff = cutoff }
      if let classIndex, case .seed(let seed, _) = timeline.keyframes[index].recipe.latent {
        timeline.keyframes[index].recipe.latent = .seed(seed, classIndex: classIndex)
      }
    }
    if psi != nil { timeline.psi = nil }
  }
}

enum FilmNoise: String, CaseIterable, ExpressibleByArgument {
  case const, loop, none

  var value: Timeline.Noise {
    switch self {
    case .const: .const
    case .loop: .loop(seed: 0)
    case .none: .none
    }
  }
}

extension Interpolation: ExpressibleByArgument {}
extension Easing: ExpressibleByArgument {}

extension FrameRate {
  fileprivate init(argument text: String) throws(Failure) {
    guard let rate = FrameRate(parsing: text) else {
      throw .usage("write a rate as 30, 29.97 or 30000/1001, from 1/60 to 1000 a second")
    }
    self = rate
  }
}
