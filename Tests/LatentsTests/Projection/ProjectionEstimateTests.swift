import Latents
import NN
import StyleGAN
import Tensors
import TestFixtures
import Testing

@Suite struct ProjectionEstimateTests {
  /// A valley whose distance tells where w is.
  private struct Valley: ProjectionObjective {
    let featureName = "valley"

    func evaluate(
      ws: Tensor, noise: [Tensor], pose: Tensor?, wantsNoise: Bool
    ) -> ProjectionEvaluation {
      let at = pose ?? Tensor(zeros: [4])
      let aim = Tensor([0.1, -0.1, 0.5, 0], shape: [4])
      return ProjectionEvaluation(
        distance: (ws.squared.sum + (at - aim).squared.sum).scalar, wsGradient: ws * 2,
        noiseGradients: [], poseGradient: pose.map { ($0 - aim) * 2 },
        picture: Tensor(zeros: [3, 4, 4]))
    }
  }

  private func projector(_ settings: ProjectionSettings) -> Projector {
    Projector(
      Valley(), rows: 2, storedNoise: [],
      start: ProjectionStart(
        mean: Tensor([1, -1, 0.5], shape: [3]), spread: 1,
        components: Tensor([1, 0, 0, 0, 0.5, 0, 0, 0, 0.1], shape: [3, 3])),
      settings: settings)
  }

  @Test func estimatesWithoutMoving() {
    let projector = projector(.fast(steps: 50))
    let estimate = ProjectionEstimate(of: projector)
    #expect(estimate.steps == 50)
    #expect(estimate.secondsPerStep > 0 && estimate.seconds < 60)
    #expect(projector.completedSteps == 0)
  }

  /// The crop comes as near as it is let: its scale stays within the trust region.
  @Test func refinesTheCropWithinItsTrust() throws {
    var projector = projector(.fast(steps: 200))
    while !projector.isFinished { _ = projector.step() }
    let pose = try #require(projector.best?.pose).values
    #expect(abs(pose[0] - 0.1) < 0.02 && abs(pose[1] + 0.1) < 0.02)
    #expect(pose[2] == Projector.trust[2])
  }

  @Test func stopsWhereTheDistanceIsLevel() {
    var settings = ProjectionSettings.fast(steps: 1000)
    var projector = projector(settings)
    while !projector.isFinished { _ = projector.step() }
    #expect(projector.hasLevelledOff)
    #expect(projector.completedSteps < 1000)
    settings.stopsWhenLevel = false
    var stubborn = self.projector(settings)
    while !stubborn.isFinished { _ = stubborn.step() }
    #expect(stubborn.completedSteps == 1000)
  }
}
