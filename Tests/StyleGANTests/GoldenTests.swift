import Checkpoints
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// Elementwise against the reference implementation. Tolerances as the fixtures state them,
/// max |a − b| / max |b| over an array: ws 1e-5, images and features 1e-4 (2e-5 aimed at).
@Suite struct GoldenTests {
  private let imageTolerance: Float = 2e-5
  /// On matrix tiles a number has sixteen significant bits.
  private let fastTolerance: Float = TiledLayer.isAvailable ? 5e-5 : 2e-5

  @Test(arguments: GoldenNetwork.present) func mapping(name: String) throws {
    let network = try GoldenNetwork(name)
    let seeds = try #require(try network.arrays.array("seeds").integers)
    let z = try network.golden("z")
    for (row, seed) in seeds.enumerated() {
      var state = NumPyRandomState(seed: UInt32(seed))
      #expect(state.standardNormal(z.shape[1]) == network.item(row, of: z).values)
    }
    let w = network.generator.map(z: z, classIndices: try network.classes())
    #expect(relativeError(w, try network.golden("w")) < 1e-5)
    #expect(network.generator.wAverage.values == (try network.golden("w_avg").values))
  }

  /// The fused path and the definition, every mode the fixtures have.
  @Test(
    arguments: GoldenNetwork.present,
    [
      ("img_const", "ws", NoiseMode.const), ("img_none", "ws", .none),
      ("img_psi_const", "ws_psi", .const), ("img_psi_cutoff_const", "ws_psi_cutoff", .const),
      ("img_mix_const", "ws_mix", .const),
    ])
  func images(name: String, array: (image: String, ws: String, noise: NoiseMode)) throws {
    let network = try GoldenNetwork(name)
    let images = try network.golden(array.image)
    let ws = try network.golden(array.ws)
    for row in 0..<images.shape[0] {
      let item = network.item(row, of: ws)
      let expected = network.item(row, of: images)
      let picture = try #require(
        network.generator.synthesize(
          ws: item, noise: array.noise, upTo: nil, isCancelled: { false }))
      #expect(picture.shape == expected.shape)
      #expect(relativeError(picture, expected) < fastTolerance)
      let defined = try #require(
        network.generator.definition(ws: item, noise: array.noise).last?.image)
      #expect(relativeError(defined, expected) < imageTolerance)
    }
  }

  /// Activations and pictures after every block; the failure names the first that diverges.
  @Test(arguments: GoldenNetwork.present) func blocks(name: String) throws {
    let network = try GoldenNetwork(name)
    let ws = network.item(0, of: try network.golden("ws"))
    for stage in network.generator.definition(ws: ws, noise: .const) {
      let block = "b\(stage.resolution)"
      let x = relativeError(stage.activations, try network.feature("\(block)_x"))
      try #require(x < imageTolerance, "\(name) \(block) activations differ by \(x)")
      guard let image = stage.image, network.generator.configuration.architecture == .skip
      else { continue }
      let expected = try network.feature("\(block)_img")
      #expect(relativeError(image, expected) < imageTolerance, "\(block) picture")
      let preview = try #require(
        network.generator.synthesize(
          ws: ws, noise: .const, upTo: stage.resolution, isCancelled: { false }))
      #expect(relativeError(preview, expected) < fastTolerance, "\(block) preview")
    }
  }
}
