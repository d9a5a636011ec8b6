/// When a projection's learning rate falls and when it ends: as its settings plan, or earlier where
/// its distance has levelled off.
///
/// At the full rate a distance that hardly falls over `window` steps begins the fall early, so what a
/// falling rate still brings is not lost; in the second half of the fall one that no longer falls ends
/// it. A search has no rate, and ends where its distance is level. Everything follows from the distances, so a resumed projection ends at the same step.
package struct ProjectionSchedule: Hashable, Sendable {
  private let settings: ProjectionSettings
  /// The first step whose distance counts: those of early previews are no measure.
  private let first: Int
  /// The step from which the learning rate falls.
  package private(set) var fall: Int
  /// The number of steps it will have, as far as is known.
  package private(set) var end: Int
  /// Whether it ends before its settings' last step.
  package var isShortened: Bool { end < settings.steps }

  /// Steps over which a full rate has to bring it nearer by 2 %, and a falling one by 0.5 %.
  private static let window = (full: 20, falling: 8)
  private static let least: (full: Float, falling: Float) = (0.02, 0.005)
  /// Steps of a fall that began early, at most.
  private static let earlyFall = 30

  init(_ settings: ProjectionSettings, measuredFrom first: Int) {
    self.settings = settings
    self.first = first
    end = settings.steps
    fall = settings.steps
    fall = planned
  }

  private var planned: Int {
    settings.search == .adam
      ? settings.steps - Int(settings.rampDown * Double(settings.steps)) : settings.steps
  }

  /// Called after every step with all distances so far.
  mutating func look(at distances: [Float]) {
    guard settings.stopsWhenLevel else { return }
    let done = distances.count
    let measured = distances.dropFirst(first)
    if done < fall {
      guard Self.isLevel(measured, over: Self.window.full, Self.least.full) else { return }
      let length = settings.search == .adam ? min(settings.steps - fall, Self.earlyFall) : 0
      (fall, end) = (done, done + length)
    } else if done > (fall + end) / 2, done < end,
      Self.isLevel(measured, over: Self.window.falling, Self.least.falling)
    {
      end = done
    }
  }

  /// Whether the last steps brought it hardly nearer than as many before them did.
  private static func isLevel(
    _ distances: ArraySlice<Float>, over window: Int, _ least: Float
  ) -> Bool {
    guard distances.count >= 2 * window, let before = distances.dropLast(window).min(),
      let now = distances.suffix(window).min()
    else { return false }
    return now > (1 - least) * before
  }

  package func learningRate(atStep step: Int) -> Float {
    guard fall != planned else { return settings.learningRate(atStep: step) }
    let left = Double(end - step) / Double(max(1, end - fall))
    return settings.learningRate(atStep: step, fall: left)
  }
}
