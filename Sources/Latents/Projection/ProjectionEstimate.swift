/// How long a projection will take, told before it starts: from steps made on a copy and thrown away.
package struct ProjectionEstimate: Sendable {
  package let secondsPerStep: Double
  package let steps: Int

  /// The whole of what is left; less where it stops on a level distance.
  package var seconds: Double { secondsPerStep * Double(steps) }

  /// - Parameter isCancelled: asked between the trial steps
  package init(of projector: Projector, isCancelled: () -> Bool = { false }) {
    steps = projector.settings.steps - projector.completedSteps
    var trial = projector
    let clock = ContinuousClock()
    var fastest = Double.infinity
    var trials = 0
    // The first step also fills caches and packs weights, which is nothing beside a slow one.
    while trials < 3, !trial.isFinished, !isCancelled(), fastest < 2 || trials == 0 {
      trials += 1
      let time = clock.measure { _ = trial.step() }
      let seconds =
        Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
      fastest = min(fastest, seconds)
    }
    secondsPerStep = fastest.isFinite ? fastest : 0
  }
}
