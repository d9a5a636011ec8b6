import Imaging
import Latents
import StyleGAN
import Tensors

/// Turns recipes into network outputs, one after the other.
struct PictureRenderer {
  /// What one recipe gives.
  struct Output {
    /// [num_ws, w_dim], truncated, mixed and edited: what the synthesis network got.
    let ws: Tensor
    /// [C, R, R], nominal range [-1, 1], not clamped.
    let picture: Tensor

    var image: PixelImage { PixelImage(networkOutput: picture) }
  }

  private let model: any LatentModel
  private let directions: DirectionLibrary
  private let interruption: Interruption
  private var cache = LatentCache()

  init(_ loaded: LoadedModel, directions: DirectionLibrary, interruption: Interruption) {
    model = loaded.model
    self.directions = directions
    self.interruption = interruption
  }

  /// - Returns: nil where the user interrupted.
  mutating func render(_ recipe: Recipe) throws(LatentError) -> Output? {
    guard !interruption.isRequested else { return nil }
    let ws = try recipe.ws(model: model, directions: directions, cache: &cache)
    let picture = model.synthesize(
      ws: ws, noise: recipe.noise.noiseMode, upTo: nil, isCancelled: { interruption.isRequested })
    return picture.map { Output(ws: ws, picture: $0) }
  }

  /// The latent of a recipe before truncation, as far as it has one: z [z_dim] for seeds, w [w_dim]
  /// for seeds and for points of W.
  mutating func source(of recipe: Recipe) throws(LatentError) -> (z: [Float]?, w: [Float]?) {
    switch recipe.latent {
    case .seed(let seed, let classIndex):
      let z = Latent<Z>(seed: seed, dimension: model.configuration.zDim).values
      return (z, try cache.w(seed: seed, classIndex: classIndex, model: model).values)
    case .w(let w): return (nil, w)
    case .ws: return (nil, nil)
    }
  }
}
