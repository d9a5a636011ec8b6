package import StyleGAN
import Tensors

/// SeFa: the directions of W that change the styles most (Shen and Zhou, "Closed-Form Factorization
/// of Latent Semantics in GANs", eq. 5–7): eigenvectors of AᵀA, A the stacked style weights.
package struct ClosedFormFactorization: Sendable {
  /// Unit vectors [w_dim], by descending eigenvalue; the entry of largest magnitude is positive.
  package let vectors: [[Double]]
  /// All w_dim of them, descending.
  package let eigenvalues: [Double]

  /// - Parameters:
  ///   - rows: the rows of ws whose style weights count.
  ///   - normalized: scale each channel's weights to unit length first, as the authors' code does
  ///     (the paper does not).
  ///   - count: how many vectors to keep; never more than w_dim.
  /// - Returns: nil where there are no rows or the weights are not finite.
  package init?(
    _ model: any LatentModel, rows: LayerRange = .all, normalized: Bool = false, count: Int
  ) {
    let width = model.configuration.wDim
    var gram = GramMatrix(order: width)
    let range = rows.rows(in: model.configuration)
    guard !range.isEmpty else { return nil }
    for row in range {
      for weight in model.styleWeights(row: row) {
        precondition(weight.shape[1] == width, "style weight \(weight.shape), w_dim \(width)")
        unsafe weight.withUnsafeBuffer { values in
          for channel in 0..<weight.shape[0] {
            let styles = unsafe UnsafeBufferPointer(
              rebasing: values[channel * width..<(channel + 1) * width])
            let length = unsafe styles.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            unsafe gram.add(styles, scale: normalized && length > 0 ? 1 / length : 1)
          }
        }
      }
    }
    guard let eigen = SymmetricEigen(gram.finish(), order: width, count: count) else { return nil }
    vectors = eigen.vectors
    eigenvalues = eigen.values
  }
}
