package import Tensors

/// Path length regularisation (StyleGAN2 paper, §3.2 and appendix B): steps of equal length in W
/// are to change the picture equally.
package struct PathLength: Sendable {
  /// The running mean of lengths, a.
  package private(set) var mean: Float
  package let decay: Float
  /// Factor of the penalty in the loss.
  package let weight: Float

  package init(mean: Float = 0, decay: Float = 0.01, weight: Float = 2) {
    self.mean = mean
    self.decay = decay
    self.weight = weight
  }

  /// (ℓ − a)² of every sample, with ℓ = ‖∂⟨picture, v⟩ / ∂w‖ averaged over the rows of ws.
  /// The running mean takes part with this batch's share.
  ///
  /// - Parameters:
  ///   - pictures: [N, C, R, R], computed from `ws`
  ///   - ws: [N, num_ws, w_dim], a variable or computed from variables
  ///   - noise: normal, [N, C, R, R]; is divided by √(R · R) here
  /// - Returns: [N]; the loss is its mean times `weight`
  package mutating func penalty(pictures: Tensor, ws: Tensor, noise: Tensor) -> Tensor {
    let scaled = noise * (1 / Float(pictures.shape[2] * pictures.shape[3]).squareRoot())
    let gradient = Tensor.gradients(
      of: (pictures * scaled).sum, withRespectTo: [ws], differentiable: true)[0]
    let squares = Tensor.applying(TrailingSum(from: 1), to: gradient.squared)
    let lengths = (squares * (1 / Float(ws.shape[1]))).power(0.5)  // [N]
    let average = lengths.mean * decay + mean * (1 - decay)
    mean = average.scalar
    return (lengths - average.reshaped([1])).squared
  }
}
