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
  ///   - pose: how the picture lies in the target (`SimilarityResampling`), [4], to find its
  ///     gradient too; nil where it lies as it is
  ///   - wantsNoise: whether gradients with respect to the maps are asked for
  func evaluate(
    ws: Tensor, noise: [Tensor], pose: Tensor?, wantsNoise: Bool
  ) -> ProjectionEvaluation
}

extension ProjectionObjective {
  package func evaluate(
    ws: Tensor, noise: [Tensor], wantsNoise: Bool
  ) -> ProjectionEvaluation {
    evaluate(ws: ws, noise: noise, pose: nil, wantsNoise: wantsNoise)
  }
}

package struct ProjectionEvaluation: Sendable {
  /// Σ (φ(target) − φ(picture))².
  package var distance: Float
  /// [num_ws, w_dim]
  package var wsGradient: Tensor
  /// One for each map; empty where they were not asked for.
  package var noiseGradients: [Tensor]
  /// [4], where a pose was given.
  package var poseGradient: Tensor?
  /// [C, R, R]
  package var picture: Tensor

  package init(
    distance: Float, wsGradient: Tensor, noiseGradients: [Tensor], poseGradient: Tensor?,
    picture: Tensor
  ) {
    self.distance = distance
    self.wsGradient = wsGradient
    self.noiseGradients = noiseGradients
    self.poseGradient = poseGradient
    self.picture = picture
  }
}

/// The objective by the definitions of networks, differentiated as any expression is. Works for
/// every generator and every kind of features.
package struct DefinedObjective: ProjectionObjective {
  private let generator: Generator
  private let features: any PerceptualFeatures
  /// The target as it is compared, and its features.
  private let compared: Tensor
  private let target: [Tensor]
  /// What of the target counts, as it is compared.
  private let visible: Tensor?

  /// - Parameters:
  ///   - target: the picture to find, [C, R, R] of the generator's size, range [-1, 1]
  ///   - visible: of the same shape: 1 where the target shows the photo, 0 where the photo has
  ///     ended; nil where all of it does
  package init(
    _ generator: Generator, features: any PerceptualFeatures, target: Tensor, visible: Tensor? = nil
  ) {
    let configuration = generator.configuration
    precondition(
      target.shape
        == [configuration.imageChannels, configuration.resolution, configuration.resolution],
      "a target of \(target.shape)")
    self.generator = generator
    self.features = features
    compared = Self.compared(target.reshaped(Shape([1] + target.shape.dimensions)))
    self.visible = visible.map {
      Self.compared($0.reshaped(Shape([1] + target.shape.dimensions)))
    }
    self.target = features(compared)
  }

  package var featureName: String { features.name }

  package func evaluate(
    ws: Tensor, noise: [Tensor], pose: Tensor?, wantsNoise: Bool
  ) -> ProjectionEvaluation {
    let rows = ws.variable
    let maps = wantsNoise ? noise.map(\.variable) : noise
    let picture = generator.picture(
      ws: rows.reshaped([1, ws.shape[0], ws.shape[1]]), noise: NoiseInputs(maps: maps))
    let place = pose?.variable
    let seen = Self.seen(
      Self.compared(picture), pose: place, behind: compared, visible: visible)
    let distance = features.distance(features(seen), target)
    let places = place.map { [$0] } ?? []
    var gradients = Tensor.gradients(
      of: distance, withRespectTo: [rows] + places + (wantsNoise ? maps : []))
    let ofRows = gradients.removeFirst()
    let ofPose = place.map { _ in gradients.removeFirst() }
    return ProjectionEvaluation(
      distance: distance.scalar, wsGradient: ofRows, noiseGradients: gradients,
      poseGradient: ofPose,
      picture: picture.constant.reshaped(Shape(Array(picture.shape.dimensions.dropFirst()))))
  }

  /// A picture as it lies in the target; the target itself where the picture or the photo ends, so
  /// that what either of them cannot show counts for nothing.
  static func seen(
    _ picture: Tensor, pose: Tensor?, behind target: Tensor, visible: Tensor?
  ) -> Tensor {
    let placed =
      pose.map { Tensor.applying(SimilarityResampling(), to: picture, $0, target) } ?? picture
    guard let visible else { return placed }
    return target + (placed - target) * visible
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
