import NN
import Tensors
import TestFixtures
import Testing

@testable import StyleGAN

/// The fast backward passes, in each layout of activations, against the network's definition.
@Suite struct SynthesisGradientTests {
  static let layouts: [ActivationLayout] =
    [.blocked(Blocking.preferred)] + (TiledLayer.isAvailable ? [.tiled] : [])

  private func compare(
    _ configuration: GeneratorConfiguration, _ layout: ActivationLayout
  ) throws {
    let generator = try randomGenerator(configuration)
    guard case .styleGAN2(let network) = generator.synthesis else { return }
    let passes = try #require(
      SynthesisGradient(network, configuration, upTo: nil, layout: layout))
    var random = RandomTensors(seed: 12)
    let ws = randomWs(configuration)
    let variable = ws.variable
    let noise = generator.storedNoise
    let maps = noise.map(\.variable)
    let side = configuration.resolution
    let expected = generator.picture(
      ws: variable.reshaped([1, configuration.numWs, configuration.wDim]),
      noise: NoiseInputs(maps: maps))
    let seed = random.tensor([1, configuration.imageChannels, side, side])
    let gradients = Tensor.gradients(of: expected, seed: seed, withRespectTo: [variable] + maps)
    // Twice, with another picture between: nothing of a pass may be left for the next.
    for wantsNoise in [true, false, true] {
      _ = passes.forward(ws: ws * 0.5, noise: noise)
      let picture = passes.forward(ws: ws, noise: noise)
      #expect(relativeError(picture, expected) < 1e-4)
      let found = passes.backward(seed, wantsNoise: wantsNoise)
      let error = relativeError(found.ws, gradients[0])
      #expect(error < 1e-3, "ws \(error)")
      #expect(found.noise.count == (wantsNoise ? noise.count : 0))
      for (layer, (a, b)) in zip(found.noise, gradients.dropFirst()).enumerated() {
        // An activation close to its kink may fall on the other side.
        let difference = (a - b).squared.sum.scalar
        #expect((difference / b.squared.sum.scalar).squareRoot() < 2e-3, "noise \(layer)")
      }
    }
  }

  private func configuration(
    _ resolution: Int, _ channels: [Int], clamp: Float? = nil, imageChannels: Int = 3
  ) -> GeneratorConfiguration {
    var configuration = GeneratorConfiguration(
      resolution: resolution, zDim: 24, wDim: 40, mappingLayers: 2, blockChannels: channels)
    configuration.convClamp = clamp
    configuration.imageChannels = imageChannels
    return configuration
  }

  @Test(arguments: layouts) func skip(layout: ActivationLayout) throws {
    try compare(configuration(64, [48, 40, 32, 20, 16]), layout)
  }

  @Test(arguments: layouts) func orig(layout: ActivationLayout) throws {
    var configuration = configuration(32, [24, 16, 33, 16])
    configuration.architecture = .orig
    try compare(configuration, layout)
  }

  @Test(arguments: layouts) func clampsAndOneChannel(layout: ActivationLayout) throws {
    try compare(configuration(16, [20, 36, 12], clamp: 0.8, imageChannels: 1), layout)
  }
}
