package import StyleGAN
package import Tensors

/// Mean and covariance of W, from samples, in Double.
package struct LatentStatistics: Sendable {
  /// [w_dim]
  package let mean: [Double]
  /// [w_dim, w_dim], divided by the number of samples.
  let covariance: [Double]

  /// - Parameter samples: [N, w_dim], N > 0.
  package init(samples: Tensor) {
    precondition(samples.shape.rank == 2 && samples.shape[0] > 0, "no samples in \(samples.shape)")
    var sums = LatentSums(around: samples.values.prefix(samples.shape[1]).map(Double.init))
    sums.add(samples)
    self.init(sums)
  }

  private init(_ sums: consuming LatentSums) {
    var sums = sums
    (mean, covariance) = sums.finish()
  }

  /// Standard deviation of W along a direction of unit length, √(vᵀ C v).
  package func deviation(along unit: [Double]) -> Double {
    let width = mean.count
    precondition(unit.count == width, "a direction of \(unit.count) in W of \(width)")
    var sum = 0.0
    for i in 0..<width {
      var row = 0.0
      for j in 0..<width { row += covariance[i * width + j] * unit[j] }
      sum += row * unit[i]
    }
    return max(0, sum).squareRoot()
  }

  // MARK: Sampling

  /// Statistics of the w of consecutive draws of one `RandomState(seed)`, sample i of a conditional
  /// network being of class i mod c_dim.
  /// - Parameters:
  ///   - progress: called with the share done, 0…1.
  ///   - isCancelled: asked between batches.
  /// - Returns: nil when cancelled.
  package static func sampling(
    _ model: any LatentModel, count: Int, seed: UInt32, progress: (Double) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) -> LatentStatistics? {
    precondition(count > 0, "no samples asked for")
    let (zDim, cDim) = (model.configuration.zDim, model.configuration.cDim)
    var random = NumPyRandomState(seed: seed)
    var sums = LatentSums(around: model.wAverage.values.map(Double.init))
    for start in stride(from: 0, to: count, by: batch) {
      if isCancelled() { return nil }
      let size = min(batch, count - start)
      let z = Tensor(random.standardNormal(size * zDim), shape: [size, zDim])
      let classes = cDim > 0 ? (start..<start + size).map { $0 % cDim } : nil
      sums.add(model.map(z: z, classIndices: classes))
      progress(Double(start + size) / Double(count))
    }
    return LatentStatistics(sums)
  }

  /// Large enough for fast matrix products, small enough to answer a cancel at once.
  private static let batch = 500
}

/// Sums over samples of W, taken around a point near their mean, so that the covariance comes out of
/// one pass without loss.
private struct LatentSums {
  private let origin: [Double]
  private var count = 0
  private var sums: [Double]
  private var gram: GramMatrix

  init(around origin: [Double]) {
    self.origin = origin
    sums = [Double](repeating: 0, count: origin.count)
    gram = GramMatrix(order: origin.count)
  }

  /// - Parameter samples: [N, w_dim]
  mutating func add(_ samples: Tensor) {
    let width = origin.count
    precondition(samples.shape[1] == width, "samples \(samples.shape), w_dim \(width)")
    count += samples.shape[0]
    unsafe samples.withUnsafeBuffer { values in
      for row in 0..<samples.shape[0] {
        let sample = unsafe UnsafeBufferPointer(
          rebasing: values[row * width..<(row + 1) * width])
        for column in 0..<width { unsafe sums[column] += Double(sample[column]) - origin[column] }
        unsafe gram.add(sample, minus: origin)
      }
    }
  }

  /// E x = o + E(x − o);  Cov x = E(x − o)(x − o)ᵀ − E(x − o) E(x − o)ᵀ.
  mutating func finish() -> (mean: [Double], covariance: [Double]) {
    let width = origin.count
    let shift = sums.map { $0 / Double(count) }
    var covariance = gram.finish(dividingBy: Double(count))
    for i in 0..<width {
      for j in 0..<width { covariance[i * width + j] -= shift[i] * shift[j] }
    }
    return (zip(origin, shift).map { $0 + $1 }, covariance)
  }
}
