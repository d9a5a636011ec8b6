import Glibc

/// How a projection runs; the defaults are the reference projector's (StyleGAN2 paper, appendix D;
/// numerics: projector).
package struct ProjectionSettings: Hashable, Sendable {
  package enum Space: String, Hashable, Sendable, CaseIterable {
    /// One w for all rows.
    case w
    /// A w for every row: nearer to the photo, further from faces the model knows.
    case wPlus = "w+"
  }
  package enum NoiseMaps: String, Hashable, Sendable, CaseIterable {
    /// Those stored with the model, which presets are rendered with.
    case stored
    /// Drawn at random and optimised with w, as the reference does. A preset cannot carry them.
    case optimised
  }

  /// What Adam's steps are made in.
  package enum Coordinates: String, Hashable, Sendable, CaseIterable {
    /// The numbers of w, as the reference has it.
    case plain
    /// The principal components of W, each in units of its deviation: a step goes far where faces
    /// differ much and hardly leaves W where they do not.
    case components
  }
  /// What finds the way down.
  package enum Search: String, Hashable, Sendable, CaseIterable {
    /// As the reference has it; bears noise on w.
    case adam
    /// `QuasiNewton`, in components: few steps, no noise, stored noise maps.
    case quasiNewton = "quasi-newton"
  }
  package enum Crop: String, Hashable, Sendable, CaseIterable {
    case fixed
    /// Moved, turned and scaled along with w, within `Projector.trust`.
    case refined
  }

  package var space = Space.w
  package var noiseMaps = NoiseMaps.optimised
  package var steps = 1000
  /// The learning rate between its ramps.
  package var learningRate = 0.1
  /// The shares of the steps in which the learning rate rises, and falls.
  package var rampUp = 0.05
  package var rampDown = 0.25
  /// Noise added to w, as a share of W's spread, and the share of the steps it takes to vanish.
  package var initialNoise = 0.05
  package var noiseRamp = 0.75
  /// Factor of the noise maps' regularisation in the loss.
  package var noiseRegularisation: Float = 1e5
  package var coordinates = Coordinates.plain
  package var search = Search.adam
  package var crop = Crop.fixed
  /// The learning rate of the crop's pose, in half sides and radians.
  package var cropLearningRate = 0.01
  /// What w pays for its distance from the mean in a search, squared, in deviations of W's components:
  /// pictures the model cannot show would lead it far out, to what are no faces.
  package var prior: Float = 0
  /// What a quasi-Newton step of 1 moves the crop by, in half sides and radians: about what an encoder
  /// leaves.
  package var cropUnit: Float = 0.02
  /// Adam's second decay.
  package var secondDecay: Float = 0.999
  /// Whether it ends before its steps are done where the distance no longer falls
  /// (`ProjectionSchedule`).
  package var stopsWhenLevel = false
  /// The share of the steps that compare early previews, where a projector is given such.
  package var earlyShare = 0.0
  /// Of the noise on w and of the first noise maps.
  package var seed: UInt32 = 303

  package init() {}

  /// Few steps from a good start: a search in components, the crop along with them, no noise on w.
  /// Where there is nothing to search in, as with optimised noise maps, Adam's steps.
  package static func fast(steps: Int) -> ProjectionSettings {
    var settings = ProjectionSettings()
    settings.steps = steps
    settings.noiseMaps = .stored
    settings.coordinates = .components
    settings.search = .quasiNewton
    settings.prior = 1e-4
    settings.crop = .refined
    settings.learningRate = 0.05
    settings.rampDown = 0.5
    settings.initialNoise = 0
    settings.secondDecay = 0.99
    settings.stopsWhenLevel = true
    return settings
  }

  /// The steps that compare early previews.
  package var earlySteps: Int { Int(earlyShare * Double(steps)) }

  /// The learning rate of a step: a linear rise, a cosine fall.
  package func learningRate(atStep step: Int) -> Float {
    let t = Double(step) / Double(steps)
    return learningRate(atStep: step, fall: rampDown > 0 ? (1 - t) / rampDown : 1)
  }

  /// - Parameter left: how much of the fall is to come, 1 or more before it begins
  func learningRate(atStep step: Int, fall left: Double) -> Float {
    let t = Double(step) / Double(steps)
    let fall = min(1, left)
    let rise = rampUp > 0 ? min(1, t / rampUp) : 1
    return Float(learningRate * (0.5 - 0.5 * cos(fall * .pi)) * rise)
  }

  /// The amplitude of the noise on w in a step, as a share of W's spread.
  package func noiseAmplitude(atStep step: Int) -> Double {
    let t = Double(step) / Double(steps)
    let left = noiseRamp > 0 ? max(0, 1 - t / noiseRamp) : 0
    return initialNoise * left * left
  }
}
