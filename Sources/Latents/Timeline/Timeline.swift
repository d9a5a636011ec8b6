/// A film as what determines it, given the model: faces to visit, how long, and which way.
package struct Timeline: Hashable, Sendable {
  /// A face the film comes by.
  package struct Keyframe: Hashable, Sendable {
    /// What people know it by: a preset's name, `seed 42`.
    package var name: String
    package var recipe: Recipe
    /// Seconds the film stays.
    package var hold: Double
    /// Seconds to the next keyframe; of the last one it counts in a loop only.
    package var duration: Double
    /// Of the way to the next keyframe; nil for the film's.
    package var easing: Easing?
    /// As it was read, so that what this program does not know survives rewriting.
    var document = JSONMembers()

    package init(
      name: String, recipe: Recipe, hold: Double = 0, duration: Double = Timeline.usualDuration,
      easing: Easing? = nil
    ) {
      self.name = name
      self.recipe = recipe
      self.hold = hold
      self.duration = duration
      self.easing = easing
    }
  }

  /// What the per-pixel noise inputs get.
  package enum Noise: Hashable, Sendable {
    /// The model's own maps throughout.
    case const
    case none
    /// One set of maps, drawn from the seed, throughout.
    case random(seed: UInt32)
    /// Maps that change smoothly and come back to where they began, the model's own.
    case loop(seed: UInt32)
  }

  /// Seconds between keyframes where nothing else is said.
  package static let usualDuration = 2.0

  /// The film's title.
  package var name: String
  package var model: ModelReference
  package var keyframes: [Keyframe]
  /// Whether the last keyframe leads back to the first, without a seam.
  package var isLoop = false
  package var interpolation = Interpolation.spline
  /// Later ones cover earlier ones.
  package var rowRules: [RowRule] = []
  package var easing = Easing.none
  package var frameRate = FrameRate(30)
  /// The film has exactly so many frames, and durations are shares of them; nil: as many as the
  /// durations give.
  package var frameCount: Int?
  /// ψ over the film, instead of the keyframes' own.
  package var psi: Track?
  package var sweeps: [Sweep] = []
  package var noise = Noise.const
  /// Frames are re-timed so that the picture changes evenly; see `SpeedCurve`.
  package var isConstantSpeed = false
  /// As it was read.
  var document = JSONMembers()

  package init(name: String, model: ModelReference, keyframes: [Keyframe]) {
    self.name = name
    self.model = model
    self.keyframes = keyframes
  }
}

extension Timeline {
  /// More than anybody means to wait for: nine hours at 30 a second.
  package static let frameLimit = 1_000_000

  /// Frames of the film.
  package var frames: Int {
    if let frameCount { return frameCount }
    let count = (TimelineSchedule(self).length * frameRate.perSecond).rounded()
    return count < Double(Timeline.frameLimit) + 1 ? max(1, Int(count)) : Timeline.frameLimit + 1
  }

  package var seconds: Double { Double(frames) / frameRate.perSecond }

  /// Makes sure that the timeline means a film, as far as no model is needed for that.
  package func validate() throws(TimelineError.Reason) {
    guard !keyframes.isEmpty else { throw .noKeyframes }
    for (index, keyframe) in keyframes.enumerated() {
      guard keyframe.hold.isFinite, (0...86_400).contains(keyframe.hold) else {
        throw .time(keyframe: index + 1, what: "hold", seconds: keyframe.hold)
      }
      guard keyframe.duration.isFinite, (0...86_400).contains(keyframe.duration) else {
        throw .time(keyframe: index + 1, what: "duration", seconds: keyframe.duration)
      }
    }
    for value in (psi?.values ?? []) + sweeps.flatMap(\.track.values) where !value.isFinite {
      throw .notFinite(psi?.values.contains { !$0.isFinite } == true ? "psi" : "a sweep")
    }
    if isConstantSpeed, easing != .none || keyframes.contains(where: { ($0.easing ?? .none) != .none })
    {
      throw .easedConstantSpeed
    }
    let count = frames
    guard count > 0 else { throw .noFrames }
    guard count <= Timeline.frameLimit else { throw .tooManyFrames(limit: Timeline.frameLimit) }
  }
}
