import Latents
import StyleGAN

/// What a seed means in a sampling space.
struct SeedSampler {
  private let space: SamplingSpace
  private let dimension: Int
  /// Mean and scaled principal axes of W, known for the space w only.
  private let mean: [Double]
  private let axes: [[Double]]

  /// Samples of W that tell its mean and covariance, and the seed they are drawn with; fixed,
  /// since pictures depend on them.
  private static let sampleCount = 10_000
  private static let sampleSeed: UInt32 = 123

  init(
    _ space: SamplingSpace, model: any LatentModel, interruption: Interruption
  ) throws(Failure) {
    self.space = space
    dimension = model.configuration.wDim
    guard space == .w else {
      (mean, axes) = ([], [])
      return
    }
    guard
      let statistics = LatentStatistics.sampling(
        model, count: SeedSampler.sampleCount, seed: SeedSampler.sampleSeed,
        isCancelled: { interruption.isRequested })
    else { throw .cancelled("cancelled before the first picture was done") }
    guard let components = PrincipalComponents(statistics, count: dimension) else {
      throw .failed("the mapping network of this model gives values that are not finite")
    }
    mean = statistics.mean
    axes = zip(components.vectors, components.deviations).map { vector, deviation in
      vector.map { $0 * deviation }
    }
  }

  func latent(of seed: UInt32, classIndex: Int?) -> LatentSource {
    guard space == .w else { return .seed(seed, classIndex: classIndex) }
    var random = NumPyRandomState(seed: seed)
    var w = mean
    for axis in axes {
      let coordinate = random.randn()
      for index in w.indices { w[index] += coordinate * axis[index] }
    }
    return .w(w.map { Float($0) })
  }
}
