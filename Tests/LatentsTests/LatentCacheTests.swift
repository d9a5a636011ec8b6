import Latents
import StyleGAN
import Tensors
import Testing

@Suite struct LatentCacheTests {
  @Test func mapsEachSeedOnce() throws {
    let model = ToyModel()
    var cache = LatentCache()
    let recipe = Recipe(latent: .seed(1), mix: [Mix(latent: .seed(2), rows: .coarse)])
    let fresh = try recipe.ws(model: model, directions: DirectionLibrary()).values
    #expect(model.calls.count == 2)
    for _ in 0..<5 {
      let ws = try recipe.ws(model: model, directions: DirectionLibrary(), cache: &cache).values
      #expect(ws == fresh)
    }
    #expect(model.calls.count == 4)
    #expect(cache.count == 2)
  }

  @Test func classesAreKeptApart() throws {
    let model = ToyModel(classes: 2)
    var cache = LatentCache()
    let zero = try cache.w(seed: 1, classIndex: nil, model: model)
    #expect(try cache.w(seed: 1, classIndex: 0, model: model) == zero)
    #expect(try cache.w(seed: 1, classIndex: 1, model: model) != zero)
    #expect(cache.count == 2)
  }

  @Test func forgetsWhatIsUnusedLongest() throws {
    let model = ToyModel()
    var cache = LatentCache(capacity: 2)
    for seed: UInt32 in [1, 2, 1, 3] { _ = try cache.w(seed: seed, classIndex: nil, model: model) }
    #expect(cache.count == 2 && model.calls.count == 3)
    _ = try cache.w(seed: 1, classIndex: nil, model: model)
    #expect(model.calls.count == 3)
    _ = try cache.w(seed: 2, classIndex: nil, model: model)
    #expect(model.calls.count == 4)
  }
}
