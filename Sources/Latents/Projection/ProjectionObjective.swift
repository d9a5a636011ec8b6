package import NN
package import StyleGAN
package import Tensors

/// What a projection lowers: how far the picture of a latent is from the target, with the gradient.
package protocol ProjectionObjective: Sendable {
  /// What pictures are compared by; results name it.
  var featureName: String { get }

  /// - Parameters:
  ///   - ws: [num_ws, w_dim]
  ///   - noise: a map [r, r] for each noise input
  ///   - wantsNoise: whether gradients with respect to the maps are asked for
  func evaluate(ws: Tensor, noise: [Tensor], wantsNoise: Bool) -> ProjectionEvaluation
}

package struct ProjectionEvaluation: Sendable {
  /// Σ (φ(target) − φ(picture))².
  package var distance: Float
  /// [num_ws, w_dim]
  package var wsGradient: Tensor
  /// One for each map; empty where they were not asked for.
  package var noiseGradients: [Tensor]
  /// [C, R, R]
  package var picture: Tensor
}

/// The objective by the definitions of networks, differentiated as any expression is. Works for
/// every generator and every kind of features.
package struct DefinedObjective: ProjectionObjective {
  private let generator: Generator
  private let features: any PerceptualFeatures
  private let target: [Tensor]

  /// - Parameter target: the picture to find, [C, R, R] of the generator's size, range [-1, 1]
  package init(_ generator: Generator, features: any PerceptualFeatures, target: Tensor) {
    let configuration = generator.configuration
    precondition(
      target.shape
        == [configuration.imageChannels, configuration.resolution, configuration.resolution],
      "a target of \(target.shape)")
    self.generator = generator
    self.features = features
    self.target = features(Self.compared(target.reshaped(Shape([1] + target.shape.dimensions))))
  }

  package var featureName: String { features.name }

  package func evaluate(
    ws: Tensor, noise: [Tensor], wantsNoise: Bool
  ) -> ProjectionEvaluation {
    let rows = ws.variable
    let maps = wantsNoise ? noise.map(\.variable) : noise
    let picture = generator.picture(
      ws: rows.reshaped([1, ws.shape[0], ws.shape[1]]), noise: NoiseInputs(maps: maps))
    let distance = features.distance(features(Self.compared(picture)), target)
    let gradients = Tensor.gradients(
      of: distance, withRespectTo: wantsNoise ? [rows] + maps : [rows])
    return ProjectionEvaluation(
      distance: distance.scalar, wsGradient: gradients[0],
      noiseGradients: Array(gradients.dropFirst()),
      picture: picture.constant.reshaped(Shape(Array(picture.shape.dimensions.dropFirst()))))
  }

  /// The size and channels features are computed at: at most 256², by means of 2 × 2 pixels, and
  /// three channels.
  package static func compared(_ picture: Tensor) -> Tensor {
    var picture = picture
    while picture.shape[2] > 256 {
      picture = Tensor.applying(UpFIRDn.halving, to: picture)
    }
    guard picture.shape[1] == 1 else { return picture }
    return Tensor.applying(
      Broadcast(to: [picture.shape[0], 3, picture.shape[2], picture.shape[3]]), to: picture)
  }
}
