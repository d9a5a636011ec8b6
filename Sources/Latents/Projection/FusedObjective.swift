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
  }

  private enum Distance {
    case lpips(BlockedLPIPS)
    case defined(any PerceptualFeatures, target: [Tensor])

    func callAsFunction(_ picture: Tensor) -> (distance: Float, gradient: Tensor) {
      switch self {
      case .lpips(let network): return network(picture)
      case .defined(let features, let target):
        let variable = picture.variable
        let distance = features.distance(features(variable), target)
        let gradient = Tensor.gradients(of: distance, withRespectTo: [variable])[0]
        return (distance.scalar, gradient)
      }
    }
  }

  /// - Parameter target: the picture to find, [C, R, R] of the generator's size, range [-1, 1]
  /// - Returns: nil for generators that have no such passes.
  package init?(_ generator: Generator, features: any PerceptualFeatures, target: Tensor) {
    guard case .styleGAN2(let network) = generator.synthesis,
      let synthesis = SynthesisGradient(network, generator.configuration)
    else { return nil }
    featureName = features.name
    let compared = DefinedObjective.compared(
      target.reshaped(Shape([1] + target.shape.dimensions)))
    let distance: Distance =
      if let lpips = features as? LPIPSFeatures, compared.shape[2] % 16 == 0 {
        .lpips(BlockedLPIPS(lpips, target: compared))
      } else {
        .defined(features, target: features(compared))
      }
    networks = Mutex(Networks(synthesis: synthesis, distance: distance))
  }

  package func evaluate(
    ws: Tensor, noise: [Tensor], wantsNoise: Bool
  ) -> ProjectionEvaluation {
    networks.withLock { networks in
      let picture = networks.synthesis.forward(ws: ws, noise: noise)
      let variable = picture.variable
      let compared = DefinedObjective.compared(variable)
      let (distance, ofCompared) = networks.distance(compared.constant)
      let ofPicture = Tensor.gradients(
        of: compared, seed: ofCompared, withRespectTo: [variable])[0]
      let found = networks.synthesis.backward(ofPicture, wantsNoise: wantsNoise)
      return ProjectionEvaluation(
        distance: distance, wsGradient: found.ws, noiseGradients: found.noise,
        picture: picture.reshaped(Shape(Array(picture.shape.dimensions.dropFirst()))))
    }
  }
}
