import Latents
import Testing

@Suite struct ProjectionSettingsTests {
  /// Rate and amplitude of the reference at some of 1000 steps.
  @Test(arguments: [
    (1, 0.002, 0.0498667556), (25, 0.05, 0.0467222), (50, 0.1, 0.0435556), (250, 0.1, 0.0222222),
    (500, 0.1, 0.00555556), (750, 0.1, 0), (800, 0.0904508, 0), (875, 0.05, 0),
    (950, 0.00954915, 0), (999, 3.94779e-6, 0), (0, 0, 0.05),
  ]) func schedules(step: Int, rate: Double, amplitude: Double) {
    let settings = ProjectionSettings()
    #expect(abs(Double(settings.learningRate(atStep: step)) - rate) < 1e-6)
    #expect(abs(settings.noiseAmplitude(atStep: step) - amplitude) < 1e-6)
  }
}
