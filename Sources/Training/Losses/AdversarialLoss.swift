package import Tensors

/// The non-saturating logistic loss (Goodfellow et al. 2014; StyleGAN paper, appendix C). Scores
/// are [N, 1]; losses are of each sample, to be averaged.
package enum AdversarialLoss {
  /// softplus(−D(G(z))): what the generator lowers.
  package static func generator(fakeScores: Tensor) -> Tensor { softplus(fakeScores * -1) }

  /// softplus(D(G(z))) + softplus(−D(x)): what the discriminator lowers.
  package static func discriminator(realScores: Tensor, fakeScores: Tensor) -> Tensor {
    softplus(fakeScores) + softplus(realScores * -1)
  }

  /// log(1 + exp x)
  package static func softplus(_ x: Tensor) -> Tensor {
    Tensor.applying(Pointwise(.softplus), to: x)
  }
}
