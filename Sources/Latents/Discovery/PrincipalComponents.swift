/// Principal components of W (Härkönen et al., "GANSpace", §2.1).
package struct PrincipalComponents: Sendable {
  /// Unit vectors [w_dim], by descending deviation; the entry of largest magnitude is positive.
  package let vectors: [[Double]]
  /// Standard deviation of W along each.
  package let deviations: [Double]

  /// - Parameter count: how many to keep; never more than w_dim.
  /// - Returns: nil where the samples were not finite.
  package init?(_ statistics: LatentStatistics, count: Int) {
    guard
      let eigen = SymmetricEigen(
        statistics.covariance, order: statistics.mean.count, count: count)
    else { return nil }
    vectors = eigen.vectors
    deviations = eigen.values.prefix(count).map { max(0, $0).squareRoot() }
  }
}
