import Checkpoints
import Foundation
import NN
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// StyleGAN1 and StyleGAN3 against the reference implementations. Images within 1e-4 of their
/// range, ws within 1e-5, as the fixtures state.
@Suite(.enabled(if: TestFixtures.shared != nil, "the golden fixtures are not beside the repository"))
struct FamilyGoldenTests {
  private static let files = [
    ("sg1_plain", "network_tf.pkl"), ("sg1_plain", "interfacegan.pth"),
    ("sg1_plain", "genforce.pth"), ("sg1_fused", "network_tf.pkl"),
    ("sg1_fused", "interfacegan.pth"), ("sg1_fused", "genforce.pth"),
    ("sg3_t", "network.pkl"), ("sg3_r", "network.pkl"), ("sg3_t_cond", "network.pkl"),
  ]

  @Test(arguments: files) func reproducesTheReference(folder: String, file: String) throws {
    let network = try GoldenNetwork(folder, file: file)
    let generator = network.generator
    let w = generator.map(z: try network.golden("z"), classIndices: try network.classes())
    #expect(relativeError(w, try network.golden("w")) < 1e-5)
    #expect(generator.wAverage.values == (try network.golden("w_avg").values))
    for (image, ws, noise) in [
      ("img_const", "ws", NoiseMode.const), ("img_none", "ws", .none),
      ("img_psi_const", "ws_psi", .const), ("img_psi_cutoff_const", "ws_psi_cutoff", .const),
      ("img_mix_const", "ws_mix", .const),
    ] {
      let images = try network.golden(image)
      let rows = try network.golden(ws)
      for row in 0..<images.shape[0] {
        let picture = try #require(
          generator.synthesize(
            ws: network.item(row, of: rows), noise: noise, upTo: nil, isCancelled: { false }))
        let expected = network.item(row, of: images)
        #expect(picture.shape == expected.shape)
        #expect(relativeError(picture, expected) < 1e-4, "\(image)")
      }
    }
  }

  /// Every layer of the first seed; the failure names the first that diverges.
  @Test(arguments: [("sg1_plain", "genforce.pth"), ("sg1_fused", "network_tf.pkl")])
  func layersOfStyleGAN1(folder: String, file: String) throws {
    let network = try GoldenNetwork(folder, file: file)
    guard case .styleGAN1(let synthesis) = network.generator.synthesis else {
      Issue.record("not a StyleGAN1 network")
      return
    }
    let ws = network.item(0, of: try network.golden("ws"))
    var layers: [Tensor] = []
    _ = synthesis(
      ws: ws.reshaped([1, ws.shape[0], ws.shape[1]]), noise: network.generator.noiseInputs(.const),
      observe: { layers.append($1) })
    for (index, layer) in layers.enumerated() {
      let error = relativeError(layer, try network.feature("layer\(index)"))
      try #require(error < 2e-5, "\(folder) layer \(index) differs by \(error)")
    }
  }

  @Test(arguments: ["sg3_t", "sg3_r", "sg3_t_cond"]) func layersOfStyleGAN3(folder: String) throws {
    let network = try GoldenNetwork(folder)
    guard case .styleGAN3(let synthesis) = network.generator.synthesis else {
      Issue.record("not a StyleGAN3 network")
      return
    }
    let ws = network.item(0, of: try network.golden("ws"))
    var layers: [(String, Tensor)] = []
    _ = synthesis(
      ws: ws.reshaped([1, ws.shape[0], ws.shape[1]]), observe: { layers.append(($0, $1)) })
    for (name, layer) in layers {
      let error = relativeError(layer, try network.feature(name))
      try #require(error < 1e-4, "\(folder) \(name) differs by \(error)")
    }
  }

  /// The picture under a rotation and a translation of the input.
  @Test(arguments: ["sg3_t", "sg3_r", "sg3_t_cond"]) func userTransform(folder: String) throws {
    let network = try GoldenNetwork(folder)
    guard case .styleGAN3(var synthesis) = network.generator.synthesis else {
      Issue.record("not a StyleGAN3 network")
      return
    }
    synthesis.input.transform.tensor = try network.golden("user_transform")
    let ws = network.item(0, of: try network.golden("ws"))
    let picture = try #require(synthesis(ws: ws.reshaped([1, ws.shape[0], ws.shape[1]])))
    #expect(relativeError(picture, try network.golden("img_user_transform")) < 1e-4)
  }
}
