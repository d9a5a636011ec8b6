import Foundation
import Latents
import NN
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// The time of a step at 256², channel base 32768, with VGG16, where it is asked for: a figure, not
/// a test. Set MIEN_TIME_PROJECTION.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["MIEN_TIME_PROJECTION"] != nil))
struct ProjectionSpeedTests {
  @Test func step() throws {
    let generator = Generator(
      untrained: GeneratorConfiguration(
        resolution: 256, zDim: 512, wDim: 512, mappingLayers: 2,
        blockChannels: GeneratorConfiguration.channels(resolution: 256, base: 32768, max: 512)),
      seed: 1)
    var features = LPIPSFeatures()
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
    let target = random.tensor([3, 256, 256])
    let ws = random.tensor([generator.configuration.numWs, 512])
    let which = ProcessInfo.processInfo.environment["MIEN_TIME_PROJECTION"] ?? ""
    var objectives: [(String, any ProjectionObjective)] = []
    if which != "defined" {
      let fused = try #require(FusedObjective(generator, features: features, target: target))
      objectives.append(("fused", fused))
    }
    if which != "fused" {
      objectives.append(
        ("defined", DefinedObjective(generator, features: features, target: target)))
    }
    let clock = ContinuousClock()
    for (name, objective) in objectives {
      for wantsNoise in [false, true] {
        var times: [Duration] = []
        for _ in 0..<(name == "fused" ? 8 : 2) {
          times.append(
            clock.measure {
              _ = objective.evaluate(
                ws: ws, noise: generator.storedNoise, wantsNoise: wantsNoise)
            })
        }
        times.sort()
        print("\(name) noise \(wantsNoise): min \(times[0]), median \(times[times.count / 2])")
      }
    }
  }
}
