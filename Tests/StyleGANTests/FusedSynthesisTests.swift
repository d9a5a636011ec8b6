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

  /// Films are made of frames rendered beside each other, with fewer threads each: the same bytes.
  @Test func aTwinWithFewerThreadsMakesTheSamePicture() async throws {
    let configuration = configuration(128, [64, 64, 64, 48, 32, 16])
    let generator = try randomGenerator(configuration)
    let twin = generator.twin
    let rows = (0..<4).map { randomWs(configuration, seed: UInt64($0)) }
    func picture(_ generator: Generator, _ ws: Tensor) -> [Float]? {
      generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false })?.values
    }
    let expected = rows.map { picture(generator, $0) }
    let found = await withTaskGroup(of: (Int, [Float]?).self) { group in
      for index in rows.indices {
        group.addTask {
          ThreadShare.limited(to: 1) {
            (index, picture(index % 2 == 0 ? generator : twin, rows[index]))
          }
        }
      }
      return await group.reduce(into: [[Float]?](repeating: nil, count: 4)) { $0[$1.0] = $1.1 }
    }
    #expect(found == expected)
  }

  @Test func cancellingReturnsNothing() throws {
    let configuration = configuration(32, [16, 16, 16, 16])
    let generator = try randomGenerator(configuration)
    let ws = randomWs(configuration)
    #expect(generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { true }) == nil)
    #expect(generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false }) != nil)
  }

  /// The same bits as a generator that has never seen another frame, whatever came before.
  @Test func keptInputsGiveTheSamePictures() throws {
    let configuration = configuration(32, [40, 36, 32, 20])
    let generator = try randomGenerator(configuration)
    let a = randomWs(configuration, seed: 1)
    let b = randomWs(configuration, seed: 2)
    let wDim = configuration.wDim
    func mixed(from row: Int) -> Tensor {
      Tensor(
        Array(a.values[..<(row * wDim)]) + Array(b.values[(row * wDim)...]), shape: a.shape)
    }
    func picture(
      _ generator: Generator, _ ws: Tensor, _ noise: NoiseMode, upTo: Int? = nil,
      _ precision: SynthesisPrecision = .full
    ) -> [Float]? {
      generator.synthesize(
        ws: ws, noise: noise, upTo: upTo, precision: precision, isCancelled: { false })?.values
    }
    // Rows changed from the end to the start, sizes, noise and drafts in between.
    for row in (0...configuration.numWs).reversed() {
      for (noise, upTo) in [(NoiseMode.const, 8), (.const, nil), (.random(seed: 3), nil)] {
        if row % 2 == 0 { _ = picture(generator, mixed(from: row), noise, upTo: upTo, .draft) }
        let fresh = try randomGenerator(configuration)
        let expected = picture(fresh, mixed(from: row), noise, upTo: upTo)
        #expect(
          picture(generator, mixed(from: row), noise, upTo: upTo) == expected,
          "row \(row), \(noise), up to \(upTo ?? 32)")
        #expect(picture(generator, a, noise, upTo: upTo) == picture(fresh, a, noise, upTo: upTo))
      }
    }
  }

  @Test func aCancelledFrameLeavesNothingWrongBehind() throws {
    let configuration = configuration(32, [16, 16, 16, 16])
    let generator = try randomGenerator(configuration)
    let a = randomWs(configuration, seed: 1)
    let expected = generator.synthesize(ws: a, noise: .const, upTo: nil, isCancelled: { false })
    for layers in 0..<7 {
      // Another one each time: what a cancelled frame has computed helps it when asked for again.
      let b = randomWs(configuration, seed: UInt64(2 + layers))
      var asked = 0
      let cancelled = generator.synthesize(ws: b, noise: .const, upTo: nil) {
        asked += 1
        return asked > layers
      }
      #expect(cancelled == nil)
      let again = generator.synthesize(ws: a, noise: .const, upTo: nil, isCancelled: { false })
      #expect(again?.values == expected?.values)
    }
  }

  /// What changed decides what is computed.
  @Test func onlyTheTailIsComputed() throws {
    let configuration = configuration(32, [16, 16, 16, 16])
    let generator = try randomGenerator(configuration)
    let a = randomWs(configuration)
    func layers(_ ws: Tensor, noise: NoiseMode = .const, upTo: Int? = nil) -> [String] {
      generator.profile(ws: ws, noise: noise, upTo: upTo)?.map(\.name) ?? []
    }
    func moved(row: Int) -> Tensor {
      var values = a.values
      values[row * configuration.wDim] += 1
      return Tensor(values, shape: a.shape)
    }
    #expect(layers(a).count == 7)
    #expect(layers(a) == [])
    #expect(layers(a, upTo: 16) == [], "a smaller picture was made on the way")
    #expect(layers(a, noise: .none).count >= 6)
    _ = layers(a)
    let last = layers(moved(row: configuration.numWs - 1))
    #expect(last == ["b32.conv1"])
    _ = layers(a)
    #expect(layers(moved(row: 6)).first == (generator.hasDrafts ? "b32.conv1" : "b32.conv0"))
    _ = layers(a)
    #expect(layers(moved(row: 0)).count == 7)
  }

  /// bfloat16 keeps eight bits: near, but not the same.
  @Test func draftsAreNear() throws {
    let configuration = configuration(64, [48, 40, 32, 20, 16])
    let generator = try randomGenerator(configuration)
    let ws = randomWs(configuration)
    func picture(_ precision: SynthesisPrecision) throws -> Tensor {
      try #require(
        try randomGenerator(configuration).synthesize(
          ws: ws, noise: .const, upTo: nil, precision: precision, isCancelled: { false }))
    }
    let error = relativeError(try picture(.draft), try picture(.full))
    #expect(error < 0.05)
    #expect((error == 0) == !generator.hasDrafts)
  }

  /// A picture that somebody holds is not overwritten by the next frame.
  @Test func picturesAreValues() throws {
    let configuration = configuration(16, [16, 16, 16])
    let generator = try randomGenerator(configuration)
    let first = try #require(
      generator.synthesize(
        ws: randomWs(configuration, seed: 1), noise: .const, upTo: nil, isCancelled: { false }))
    let values = first.values
    for seed in 2..<6 {
      _ = generator.synthesize(
        ws: randomWs(configuration, seed: UInt64(seed)), noise: .const, upTo: nil,
        isCancelled: { false })
    }
    #expect(first.values == values)
  }
}
