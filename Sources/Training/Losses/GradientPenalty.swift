package import Tensors

/// Penalties on the gradient of a discriminator's scores with respect to pictures; differentiable
/// with respect to its parameters.
package enum GradientPenalty {
  /// R1 (Mescheder et al. 2018, equation 9): ‖∇D(x)‖² of every real picture, [N]. The loss is its
  /// mean times γ / 2.
  ///
  /// - Parameter real: [N, C, R, R]
  package static func r1(_ discriminator: (Tensor) -> Tensor, real: Tensor) -> Tensor {
    squaredNorms(discriminator, at: real)
  }

  /// WGAN-GP (Gulrajani et al. 2017, equation 3): (‖∇D(x̃)‖ − target)² of every picture between a
  /// real and a generated one, [N]. The loss is its mean times λ.
  ///
  /// - Parameters:
  ///   - real, fake: [N, C, R, R]
  ///   - mixing: uniform on [0, 1], [N, 1, 1, 1]; 0 for the real picture
  package static func interpolated(
    _ discriminator: (Tensor) -> Tensor, real: Tensor, fake: Tensor, mixing: Tensor,
    target: Float = 1
  ) -> Tensor {
    let mixed = real.constant + (fake.constant - real.constant) * mixing
    return (squaredNorms(discriminator, at: mixed).power(0.5) + -target).squared
  }

  private static func squaredNorms(
    _ discriminator: (Tensor) -> Tensor, at pictures: Tensor
  ) -> Tensor {
    let pictures = pictures.constant.variable
    let scores = discriminator(pictures)
    let gradient = Tensor.gradients(
      of: scores.sum, withRespectTo: [pictures], differentiable: true)[0]
    return Tensor.applying(TrailingSum(from: 1), to: gradient.squared)
  }
}
