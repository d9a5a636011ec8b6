package import NN
package import StyleGAN
import Synchronization
package import Tensors

/// The fast twin of `DefinedObjective`: first-order passes on blocked activations for StyleGAN2's
/// skip and orig generators, and for LPIPS. Other features are differentiated by definition.
package final class FusedObjective: ProjectionObjective {
  package let featureName: String
  private let networks: Mutex<Networks>

  private struct Networks: ~Copyable {
    let synthesis: SynthesisGradient
    let distance: Distance
    /// The target as it is compared.
    let target: Tensor
  }

  private enum Distance {
    case lpips(BlockedLPIPS)
    case tiledLPIPS(TiledLPIPS)
    case defined(any PerceptualFeatures, target: [Tensor])

    func callAsFunction(_ picture: Tensor) -> (distance: Float, gradient: Tensor) {
      switch self {
      case .lpips(let network): return network(picture)
      case .tiledLPIPS(let network): return network(picture)
      case .defined(let features, let target):
        let variable = picture.variable
        let distance = features.distance(features(variable), target)
        let gradient = Tensor.gradients(of: distance, withRespectTo: [variable])[0]
        return (distance.scalar, gradient)
      }
    }
  }

  /// - Parameters:
  ///   - target: the picture to find, [C, R, R] of the generator's size, range [-1, 1]
  ///   - side: compares the picture as it stands at this resolution with the target reduced to it;
  ///     much faster, and blind to what is fine
  /// - Returns: nil for generators that have no such passes.
  package init?(
    _ generator: Generator, features: any PerceptualFeatures, target: Tensor,
    upTo side: Int? = nil
  ) {
    guard case .styleGAN2(let network) = generator.synthesis,
      let synthesis = SynthesisGradient(network, generator.configuration, upTo: side)
    else { return nil }
    let side = side ?? target.shape[1]
    featureName = features.name
    var reduced = target.reshaped(Shape([1] + target.shape.dimensions))
    while reduced.shape[2] > side { reduced = Tensor.applying(UpFIRDn.halving, to: reduced) }
    let compared = DefinedObjective.compared(reduced)
    let distance: Distance =
      if let lpips = features as? LPIPSFeatures, compared.shape[2] % 16 == 0 {
        TiledLayer.isAvailable
          ? .tiledLPIPS(TiledLPIPS(lpips, target: compared))
          : .lpips(BlockedLPIPS(lpips, target: compared))
      } else {
        .defined(features, target: features(compared))
      }
    networks = Mutex(Networks(synthesis: synthesis, distance: distance, target: compared))
  }

  package func evaluate(
    ws: Tensor, noise: [Tensor], pose: Tensor?, wantsNoise: Bool
  ) -> ProjectionEvaluation {
    networks.withLock { networks in
      let picture = networks.synthesis.forward(ws: ws, noise: noise)
      let variable = picture.variable
      let place = pose?.variable
      let seen = DefinedObjective.seen(
        DefinedObjective.compared(variable), pose: place, behind: networks.target)
      let (distance, ofSeen) = networks.distance(seen.constant)
      let gradients = Tensor.gradients(
        of: seen, seed: ofSeen, withRespectTo: [variable] + (place.map { [$0] } ?? []))
      let found = networks.synthesis.backward(gradients[0], wantsNoise: wantsNoise)
      return ProjectionEvaluation(
        distance: distance, wsGradient: found.ws,
        noiseGradients: found.noise
          + (wantsNoise ? noise.dropFirst(found.noise.count).map { Tensor(zeros: $0.shape) } : []),
        poseGradient: place.map { _ in gradients[1] },
        picture: picture.reshaped(Shape(Array(picture.shape.dimensions.dropFirst()))))
    }
  }
}
