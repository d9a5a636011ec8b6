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
  /// Of the noise on w and of the first noise maps.
  package var seed: UInt32 = 303

  package init() {}

  /// The learning rate of a step: a linear rise, a cosine fall.
  package func learningRate(atStep step: Int) -> Float {
    let t = Double(step) / Double(steps)
    let fall = rampDown > 0 ? min(1, (1 - t) / rampDown) : 1
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
