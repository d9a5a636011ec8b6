import Checkpoints
import Foundation
import Latents
import NN
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// The stand-in for VGG that the projector's fixture was recorded with.
private struct RecordedFeatures: PerceptualFeatures {
  let name = "recorded"
  private let weights: [(weight: Tensor, bias: Tensor)]

  init(_ archive: NPZArchive) throws {
    weights = try (1...3).map {
      (try archive.array("w\($0)").tensor, try archive.array("b\($0)").tensor)
    }
  }

  func callAsFunction(_ pictures: Tensor) -> [Tensor] {
    var x = pictures
    var features: [Tensor] = []
    for (weight, bias) in weights {
      // Stride 2 with padding 1 reads one row and one column before, none after.
      let padded = Tensor.applying(UpFIRDn(taps: [1], padding: (1, 0)), to: x)
      x = Tensor.applying(
        BiasActivation(slope: 0.2, gain: 1),
        to: Tensor.applying(StridedConvolution(), to: padded, weight), bias)
      let norm = x.squared.summed(to: [x.shape[0], 1, x.shape[2], x.shape[3]])
        .inverseSquareRoot(epsilon: 1e-10)
      features.append(x * norm * (1 / Float(x.shape[2] * x.shape[3]).squareRoot()))
    }
    return features
  }
}

@Suite(.enabled(if: TestFixtures.shared != nil, "the golden fixtures are not beside the repository"))
struct ProjectorGoldenTests {
  private let golden: NPZArchive
  private let features: RecordedFeatures
  private let generator: Generator

  init() throws {
    let shared = try #require(TestFixtures.shared)
    golden = try NPZArchive.load(path: shared.appending(path: "projector/golden.npz").path)
    features = try RecordedFeatures(
      try NPZArchive.load(path: shared.appending(path: "projector/features.npz").path))
    generator = try ModelFile.load(
      path: shared.appending(path: "sg2ada_skip/network.pkl").path
    ).generator
  }

  private func array(_ name: String) throws -> Tensor { try golden.array(name).tensor }

  @Test func startIsTheReferences() throws {
    let start = ProjectionStart(of: generator)
    #expect(relativeError(start.mean, try array("w_avg_10000")) < 1e-5)
    let spread = Double(try array("w_std_10000").scalar)
    #expect(abs(start.spread - spread) < 1e-5 * spread)
  }

  /// The recorded trajectory with its recorded draws: every loss within 1e-3, the last w too.
  @Test func replaysTheRecordedTrajectory() throws {
    let blocks = generator.configuration.blockResolutions
    let names = blocks.flatMap { $0 == 4 ? ["b4.conv1"] : ["b\($0).conv0", "b\($0).conv1"] }
    let initial = try names.map { try array("init_noise_\($0)") }
    let perStep = try array("w_noise")
    let steps = perStep.shape[0]
    let width = perStep.shape[1]
    let values = perStep.values
    let bytes = try array("target_u8")
    let target = bytes * (1 / 127.5) + -1
    var settings = ProjectionSettings()
    settings.steps = steps
    var projector = Projector(
      DefinedObjective(generator, features: features, target: target),
      rows: generator.configuration.numWs, storedNoise: generator.storedNoise,
      start: ProjectionStart(
        mean: try array("w_avg_10000"), spread: Double(try array("w_std_10000").scalar)),
      settings: settings,
      draws: ProjectionDraws(
        latentNoise: { step, _ in Array(values[step * width..<(step + 1) * width]) },
        maps: { _ in initial }))

    let distances = try array("dist").values
    let losses = try array("loss").values
    let rates = try array("lr").values
    let amplitudes = try array("w_noise_scale").values
    let path = try array("w_opt_after_step").values
    for step in 0..<steps {
      #expect(abs(settings.learningRate(atStep: step) - rates[step]) < 1e-6)
      #expect(
        abs(Float(projector.start.spread * settings.noiseAmplitude(atStep: step))
          - amplitudes[step]) < 1e-6)
      let progress = projector.step()
      #expect(abs(progress.distance - distances[step]) <= 1e-3 * distances[step], "step \(step)")
      #expect(abs(progress.loss - losses[step]) <= 1e-3 * losses[step], "step \(step)")
      let expected = Tensor(
        Array(path[step * width..<(step + 1) * width]), shape: [width])
      let error = relativeError(projector.w, expected)
      // Rounding grows along the way; with AVX2 to 1.3e-3 of the largest coordinate.
      #expect(error < (Blocking.preferred == 16 ? 1e-3 : 2e-3), "w after step \(step): \(error)")
    }
    #expect(projector.isFinished)
    for (name, map) in zip(names, projector.noise) {
      #expect(relativeError(map, try array("final_noise_\(name)")) < 1e-3, "\(name)")
    }
  }
}
