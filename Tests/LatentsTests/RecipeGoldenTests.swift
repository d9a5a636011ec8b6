import Checkpoints
import Foundation
import Latents
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// The way from seeds to ws against the reference implementation: mapping, classes, truncation,
/// cutoff, style mixing.
@Suite struct RecipeGoldenTests {
  static let networks = [
    "sg2ada_skip", "sg2ada_cond", "sg2ada_fp16", "sg2ada_resnet", "sg2ada_orig",
    "sg3repo_sg2_gray",
  ].filter { TestFixtures.network($0) != nil }

  @Test(arguments: networks)
  func wsOfSeeds(name: String) throws {
    let folder = try #require(TestFixtures.network(name))
    let generator = try ModelFile.load(
      path: folder.appending(path: "network.pkl").path
    ).generator
    let golden = try NPZArchive.load(path: folder.appending(path: "golden.npz").path)
    let seeds = try #require(try golden.array("seeds").integers).map(UInt32.init)
    let psi = try golden.array("psi").tensor.values[0]
    let cutoff = try #require(try golden.array("truncation_cutoff").integers)[0]
    let configuration = generator.configuration
    let faces = seeds.enumerated().map { index, seed in
      LatentSource.seed(
        seed, classIndex: configuration.cDim > 0 ? index % configuration.cDim : nil)
    }

    func check(_ recipes: [Recipe], _ array: String) throws {
      let values = try golden.array(array).tensor.values
      let count = configuration.numWs * configuration.wDim
      for (index, recipe) in recipes.enumerated() {
        let ws = try recipe.ws(model: generator, directions: DirectionLibrary())
        let expected = Tensor(
          Array(values[index * count..<(index + 1) * count]), shape: ws.shape)
        #expect(relativeError(ws, expected) < 1e-5, "\(array)[\(index)]")
      }
    }
    try check(faces.map { Recipe(latent: $0) }, "ws")
    try check(faces.map { Recipe(latent: $0, truncation: Truncation(psi: psi)) }, "ws_psi")
    try check(
      faces.map { Recipe(latent: $0, truncation: Truncation(psi: psi, cutoff: cutoff)) },
      "ws_psi_cutoff")
    let mix = try #require(try golden.array("mix").integers)
    try check(
      [
        Recipe(
          latent: faces[mix[0]],
          mix: [Mix(latent: faces[mix[1]], rows: LayerRange(mix[2]..<configuration.numWs))])
      ], "ws_mix")
  }
}
