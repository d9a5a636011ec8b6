package import Tensors

/// The Wasserstein losses of progressive growing and of StyleGAN's CelebA-HQ networks (progressive
/// growing of GANs, appendix A): scores [N, 1], losses of each sample [N].
package enum WassersteinLoss {
  package static func generator(fakeScores: Tensor) -> Tensor {
    fakeScores.reshaped([fakeScores.count]) * -1
  }

  /// D(G(z)) − D(x) + λ · penalty + drift · D(x)²
  ///
  /// - Parameters:
  ///   - penalty: of `GradientPenalty.interpolated`, [N]
  ///   - drift: keeps the scores of real pictures near zero
  package static func discriminator(
    realScores: Tensor, fakeScores: Tensor, penalty: Tensor, penaltyWeight: Float = 10,
    drift: Float = 0.001
  ) -> Tensor {
    let real = realScores.reshaped([realScores.count])
    let fake = fakeScores.reshaped([fakeScores.count])
    return fake - real + penalty * penaltyWeight + real.squared * drift
  }
}
