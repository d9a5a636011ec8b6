package import StyleGAN
package import Tensors

/// Where projections into a model's W begin, and how wide W is.
package struct ProjectionStart: Sendable {
  /// w̄, the mean of samples (not the tracked average), [w_dim].
  package let mean: Tensor
  /// σ_w = √(mean ‖w − w̄‖²), one number for the whole of W.
  package let spread: Double

  /// Principal components as columns, each times its deviation, [w_dim, w_dim]; nil where W's
  /// covariance has none.
  package let components: Tensor?

  package init(mean: Tensor, spread: Double, components: Tensor? = nil) {
    self.mean = mean
    self.spread = spread
    self.components = components
  }

  /// The smallest deviation of a component beside the largest: photos lie a little off W too.
  private static let leastDeviation = 0.03

  /// From the w of 10,000 draws of `RandomState(123)`, as the reference has it.
  package init(of model: any LatentModel) {
    guard let found = ProjectionStart(of: model, isCancelled: { false }) else {
      preconditionFailure("nobody cancelled")
    }
    self = found
  }

  /// - Parameter isCancelled: asked between batches
  /// - Returns: nil when cancelled
  package init?(of model: any LatentModel, isCancelled: () -> Bool) {
    guard
      let statistics = LatentStatistics.sampling(
        model, count: 10_000, seed: 123, isCancelled: isCancelled)
    else { return nil }
    let width = statistics.mean.count
    mean = Tensor(statistics.mean.map { Float($0) }, shape: [width])
    let trace = (0..<width).reduce(0.0) { $0 + statistics.covariance[$1 * width + $1] }
    spread = max(0, trace).squareRoot()
    components = PrincipalComponents(statistics, count: width).map { found in
      let least = (found.deviations.first ?? 0) * Self.leastDeviation
      let scales = found.deviations.map { max($0, least) }
      return Tensor(
        (0..<width).flatMap { row in
          (0..<width).map { Float(found.vectors[$0][row] * scales[$0]) }
        }, shape: [width, width])
    }
  }
}
