package import Latents
package import StyleGAN

extension Truncation {
  /// ψ 0.7; for StyleGAN1 on its first eight rows only, as its paper and scripts have it.
  package static func ofNewFace(_ configuration: GeneratorConfiguration) -> Truncation {
    Truncation(psi: SliderScale.psi, cutoff: configuration.family == .styleGAN1 ? 8 : nil)
  }
}

extension Recipe {
  /// A face as the editor starts with it.
  package static func newFace(
    seed: UInt32, for configuration: GeneratorConfiguration
  ) -> Recipe {
    Recipe(latent: .seed(seed), truncation: .ofNewFace(configuration))
  }
}

extension GeneratorConfiguration.Family {
  package var title: String {
    switch self {
    case .styleGAN1: "StyleGAN1"
    case .styleGAN2: "StyleGAN2"
    case .styleGAN3: "StyleGAN3"
    }
  }
}
