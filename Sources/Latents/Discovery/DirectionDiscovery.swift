package import StyleGAN

/// Finds the components of a model that need no labels: SeFa of its style weights and principal
/// components of W, as sliders in standard deviations of W.
package struct DirectionDiscovery: Hashable, Sendable {
  /// Components named `sefa 1` … at most.
  package var sefaCount: Int
  /// Components named `pca 1` … at most.
  package var pcaCount: Int
  /// Samples of W; 10,000 give a standard deviation within one percent.
  package var sampleCount: Int
  package var seed: UInt32

  package init(
    sefaCount: Int = 10, pcaCount: Int = 10, sampleCount: Int = 10_000, seed: UInt32 = 1
  ) {
    precondition(sefaCount >= 0 && pcaCount >= 0 && sampleCount > 0)
    self.sefaCount = sefaCount
    self.pcaCount = pcaCount
    self.sampleCount = sampleCount
    self.seed = seed
  }

  /// - Parameters:
  ///   - progress: called with the share done, 0…1, on the calling thread.
  ///   - isCancelled: asked every few milliseconds to tenths of a second.
  /// - Returns: the components, SeFa first; fewer where the weights are degenerate; nil when
  ///   cancelled.
  package func components(
    of model: any LatentModel, progress: (Double) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) -> [Direction]? {
    progress(0)
    guard
      let statistics = LatentStatistics.sampling(
        model, count: sampleCount, seed: seed, progress: { progress($0 * 0.6) },
        isCancelled: isCancelled)
    else { return nil }
    var components: [Direction] = []
    if sefaCount > 0, let sefa = ClosedFormFactorization(model, count: sefaCount) {
      components += sefa.vectors.enumerated().map { index, vector in
        Direction(
          .sefa, number: index + 1, unit: vector.map { Float($0) },
          scale: Float(statistics.deviation(along: vector)))
      }
    }
    progress(0.8)
    if isCancelled() { return nil }
    if pcaCount > 0, let pca = PrincipalComponents(statistics, count: pcaCount) {
      components += zip(pca.vectors, pca.deviations).enumerated().map { index, component in
        Direction(
          .pca, number: index + 1, unit: component.0.map { Float($0) },
          scale: Float(component.1))
      }
    }
    progress(1)
    return components
  }
}
