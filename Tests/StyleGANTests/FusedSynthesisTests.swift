import StyleGAN
import Tensors
import TestFixtures
import Testing

/// The fast path against the network's definition.
@Suite struct FusedSynthesisTests {
  private func configuration(
    _ resolution: Int, _ channels: [Int], clamp: Float? = nil,
    architecture: GeneratorConfiguration.Architecture = .skip, imageChannels: Int = 3
  ) -> GeneratorConfiguration {
    var configuration = GeneratorConfiguration(
      resolution: resolution, zDim: 24, wDim: 40, mappingLayers: 2, blockChannels: channels)
    configuration.convClamp = clamp
    configuration.architecture = architecture
    configuration.imageChannels = imageChannels
    return configuration
  }

  private func compare(_ configuration: GeneratorConfiguration, noise: NoiseMode) throws {
    let generator = try randomGenerator(configuration)
    let ws = randomWs(configuration)
    let stages = generator.definition(ws: ws, noise: noise)
    for stage in stages {
      guard let expected = stage.image else { continue }
      let picture = try #require(
        generator.synthesize(ws: ws, noise: noise, upTo: stage.resolution, isCancelled: { false }))
      #expect(picture.shape[1] == stage.resolution)
      #expect(relativeError(picture, expected) < 2e-5, "at \(stage.resolution)²")
    }
  }

  @Test(arguments: [NoiseMode.const, .none, .random(seed: 5)])
  func skip(noise: NoiseMode) throws {
    try compare(configuration(64, [48, 40, 32, 20, 16]), noise: noise)
  }

  @Test func clampsAndOneChannel() throws {
    try compare(configuration(32, [20, 20, 20, 12], clamp: 1.5, imageChannels: 1), noise: .const)
  }

  @Test func orig() throws {
    try compare(configuration(32, [16, 16, 16, 16], architecture: .orig), noise: .const)
  }

  @Test func resnet() throws {
    let configuration = configuration(16, [16, 12, 8], clamp: 2, architecture: .resnet)
    let generator = try randomGenerator(configuration)
    let ws = randomWs(configuration)
    let picture = try #require(
      generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false }))
    #expect(picture.shape == [3, 16, 16])
  }

  /// Wide enough, at 32² and 64², for Winograd.
  @Test func winograd() throws {
    try compare(configuration(64, [64, 64, 64, 64, 64]), noise: .const)
  }

  @Test func aPreviewDoesNotDisturbTheNextFrame() throws {
    let configuration = configuration(32, [16, 16, 16, 16])
    let generator = try randomGenerator(configuration)
    let (a, b) = (randomWs(configuration, seed: 1), randomWs(configuration, seed: 2))
    let never = { false }
    let first = generator.synthesize(ws: a, noise: .const, upTo: nil, isCancelled: never)
    _ = generator.synthesize(ws: b, noise: .none, upTo: 8, isCancelled: never)
    let again = generator.synthesize(ws: a, noise: .const, upTo: nil, isCancelled: never)
    #expect(first?.values == again?.values)
  }

  @Test func cancellingReturnsNothing() throws {
    let configuration = configuration(32, [16, 16, 16, 16])
    let generator = try randomGenerator(configuration)
    let ws = randomWs(configuration)
    #expect(generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { true }) == nil)
    #expect(generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false }) != nil)
  }
}

