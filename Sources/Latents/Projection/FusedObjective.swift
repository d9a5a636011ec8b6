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
    /// The target as it is compared, and what of it counts.
    let target: Tensor
    let visible: Tensor?
  }

  private enum Distance {
    case lpips(FastLPIPS)
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

  /// - Parameters:
  ///   - target: the picture to find, [C, R, R] of the generator's size, range [-1, 1]
  ///   - visible: of the same shape: 1 where the target shows the photo, 0 where the photo has
  ///     ended; nil where all of it does
  ///   - side: compares the picture as it stands at this resolution with the target reduced to it;
  ///     much faster, and blind to what is fine
  /// - Returns: nil for generators that have no such passes.
  package init?(
    _ generator: Generator, features: any PerceptualFeatures, target: Tensor,
    visible: Tensor? = nil, upTo side: Int? = nil
  ) {
    guard case .styleGAN2(let network) = generator.synthesis,
      let synthesis = SynthesisGradient(network, generator.configuration, upTo: side)
    else { return nil }
    let side = side ?? target.shape[1]
    featureName = features.name
    func reduction(of picture: Tensor) -> Tensor {
      var reduced = picture.reshaped(Shape([1] + picture.shape.dimensions))
      while reduced.shape[2] > side { reduced = Tensor.applying(UpFIRDn.halving, to: reduced) }
      return DefinedObjective.compared(reduced)
    }
    let visible = visible.map(reduction)
    let compared = reduction(of: target)
    let distance: Distance =
      if let lpips = features as? LPIPSFeatures, compared.shape[2] % 16 == 0 {
        .lpips(FastLPIPS(lpips, target: compared))
      } else {
        .defined(features, target: features(compared))
      }
    networks = Mutex(
      Networks(synthesis: synthesis, distance: distance, target: compared, visible: visible))
  }

  package func evaluate(
    ws: Tensor, noise: [Tensor], pose: Tensor?, wantsNoise: Bool
  ) -> ProjectionEvaluation {
    networks.withLock { networks in
      let picture = networks.synthesis.forward(ws: ws, noise: noise)
      let variable = picture.variable
      let place = pose?.variable
      let seen = DefinedObjective.seen(
        DefinedObjective.compared(variable), pose: place, behind: networks.target,
        visible: networks.visible)
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
