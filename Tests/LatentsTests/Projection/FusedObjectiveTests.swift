import Checkpoints
import Foundation
import Latents
import NN
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// The fast passes against the definition: distance, picture, and every gradient.
@Suite struct FusedObjectiveTests {
  private static let present = ["sg2ada_skip", "sg2ada_fp16", "sg2ada_orig", "sg3repo_sg2_gray"]
    .filter { TestFixtures.network($0) != nil }

  /// A narrow VGG16 with random weights.
  private func lpips() throws -> LPIPSFeatures {
    var features = LPIPSFeatures(widths: [8, 20, 24, 32, 16])
    let shapes = Dictionary(
      uniqueKeysWithValues: ParameterCensus(of: features).entries.map { ($0.name, $0.shape) })
    var random = RandomTensors(seed: 4)
    var loader = ParameterLoader { name in
      let shape = shapes[name]!
      let values = random.tensor(shape)
      if name.hasPrefix("lin") { return values.squared }
      return values * (shape.rank == 4 ? (6 / Float(shape[1] * 9)).squareRoot() : 0.1)
    }
    try features.visit(&loader)
    return features
  }

  /// What the photo does not show counts for nothing, by either way.
  @Test func whatIsNotVisibleCountsForNothing() throws {
    let folder = try #require(TestFixtures.network("sg2ada_fp16"))
    let generator = try ModelFile.load(
      path: folder.appending(path: "network.pkl").path
    ).generator
    let configuration = generator.configuration
    let side = configuration.resolution
    var random = RandomTensors(seed: 9)
    let ws = random.tensor([configuration.numWs, configuration.wDim])
    let target = random.tensor([3, side, side])
    let visible = Tensor(
      (0..<3 * side * side).map { $0 % side < side / 2 ? 1 : 0 }, shape: [3, side, side])
    let other = target + (visible + -1) * 0.7
    let pose = Tensor([0.05, -0.02, 0.03, 0.1], shape: [4])
    let features = PyramidFeatures()
    var found: [ProjectionEvaluation] = []
    for target in [target, other] {
      let objectives: [any ProjectionObjective] = [
        try #require(
          FusedObjective(generator, features: features, target: target, visible: visible)),
        DefinedObjective(generator, features: features, target: target, visible: visible),
      ]
      let results = objectives.map {
        $0.evaluate(ws: ws, noise: generator.storedNoise, pose: pose, wantsNoise: false)
      }
      let (fused, defined) = (results[0], results[1])
      #expect(abs(fused.distance - defined.distance) < 1e-3 * defined.distance)
      #expect(relativeError(fused.wsGradient, defined.wsGradient) < 2e-3)
      found.append(defined)
    }
    // Bands of the target meet beyond the edge, so only the difference there is lost.
    let all = DefinedObjective(generator, features: features, target: target)
      .evaluate(ws: ws, noise: generator.storedNoise, pose: pose, wantsNoise: false)
    #expect(found[0].distance < all.distance)
  }

  @Test(arguments: present, [false, true])
  func equalsTheDefinition(name: String, usesLPIPS: Bool) throws {
    let folder = try #require(TestFixtures.network(name))
    let generator = try ModelFile.load(
      path: folder.appending(path: "network.pkl").path
    ).generator
    let golden = try NPZArchive.load(path: folder.appending(path: "golden.npz").path)
    let configuration = generator.configuration
    let all = try golden.array("ws").tensor.values
    let count = configuration.numWs * configuration.wDim
    let ws = Tensor(Array(all.prefix(count)), shape: [configuration.numWs, configuration.wDim])
    let pictures = try golden.array("img_const").tensor
    let target = Tensor(
      Array(pictures.values.suffix(pictures.count / 2)),
      shape: Shape(Array(pictures.shape.dimensions.dropFirst())))
    let features: any PerceptualFeatures = usesLPIPS ? try lpips() : PyramidFeatures()
    let defined = DefinedObjective(generator, features: features, target: target)
    let fused = try #require(FusedObjective(generator, features: features, target: target))
    #expect(fused.featureName == defined.featureName)
    // Twice: nothing of a pass may be left for the next.
    for wantsNoise in [true, false, true] {
      let noise = generator.storedNoise
      let a = fused.evaluate(ws: ws, noise: noise, wantsNoise: wantsNoise)
      let b = defined.evaluate(ws: ws, noise: noise, wantsNoise: wantsNoise)
      // The fixtures' tolerance; matrix tiles keep sixteen bits of every product.
      #expect(relativeError(a.picture, b.picture) < 1e-4)
      #expect(abs(a.distance - b.distance) < 1e-3 * b.distance)
      let error = relativeError(a.wsGradient, b.wsGradient)
      #expect(error < 1e-3, "ws \(error)")
      try #require(a.noiseGradients.count == b.noiseGradients.count)
      #expect(b.noiseGradients.count == (wantsNoise ? noise.count : 0))
      for (layer, (x, y)) in zip(a.noiseGradients, b.noiseGradients).enumerated() {
        let error = relativeError(x, y)
        // An activation close to its kink may fall on the other side: the largest difference is
        // bounded loosely, the whole map tightly.
        #expect(error < 1e-2, "noise \(layer): \(error)")
        let difference = zip(x.values, y.values).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let size = y.values.reduce(0) { $0 + $1 * $1 }
        #expect((difference / size).squareRoot() < 2e-3, "noise \(layer)")
      }
    }
  }

  @Test func residualGeneratorsHaveNone() throws {
    guard let folder = TestFixtures.network("sg2ada_resnet") else { return }
    let generator = try ModelFile.load(
      path: folder.appending(path: "network.pkl").path
    ).generator
    let size = generator.configuration.resolution
    #expect(
      FusedObjective(
        generator, features: PyramidFeatures(), target: Tensor(zeros: [3, size, size])) == nil)
  }
}
