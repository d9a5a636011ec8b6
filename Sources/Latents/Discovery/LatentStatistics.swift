package import StyleGAN
package import Tensors

/// Mean and covariance of W, from samples.
package struct LatentStatistics: Sendable {
  /// [w_dim]
  package let mean: [Double]
  /// [w_dim, w_dim], divided by the number of samples.
  let covariance: [Double]

  /// - Parameter samples: [N, w_dim]
  package init(samples: Tensor) {
    precondition(samples.shape.rank == 2 && samples.shape[0] > 0, "no samples in \(samples.shape)")
    let count = samples.shape[0]
    let width = samples.shape[1]
    var sums = [Double](repeating: 0, count: width)
    var gram = GramMatrix(order: width)
    let mean = unsafe samples.withUnsafeBuffer { values in
      for row in 0..<count {
        for column in 0..<width { unsafe sums[column] += Double(values[row * width + column]) }
      }
      let mean = sums.map { $0 / Double(count) }
      for row in 0..<count {
        unsafe gram.add(
          UnsafeBufferPointer(rebasing: values[row * width..<(row + 1) * width]), minus: mean)
      }
      return mean
    }
    self.mean = mean
    covariance = gram.finish(dividingBy: Double(count))
  }

  /// Standard deviation of W along a direction of unit length, √(vᵀ C v).
  func deviation(along unit: [Double]) -> Double {
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

  /// W of consecutive draws of one `RandomState(seed)`, class i mod c_dim for sample i of a
  /// conditional network; the samples of GANSpace and of the reference projector.
  /// - Parameters:
  ///   - progress: called with the share done, 0…1.
  ///   - isCancelled: asked between batches.
  /// - Returns: [count, w_dim]; nil when cancelled.
  package static func sample(
    _ model: any LatentModel, count: Int, seed: UInt32, progress: (Double) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) -> Tensor? {
    let configuration = model.configuration
    var random = NumPyRandomState(seed: seed)
    var samples: [Float] = []
    samples.reserveCapacity(count * configuration.wDim)
    for start in stride(from: 0, to: count, by: batch) {
      if isCancelled() { return nil }
      let size = min(batch, count - start)
      let z = Tensor(
        random.standardNormal(size * configuration.zDim), shape: [size, configuration.zDim])
      let classes =
        configuration.cDim > 0
        ? (start..<start + size).map { $0 % configuration.cDim } : nil
      unsafe model.map(z: z, classIndices: classes).withUnsafeBuffer {
        unsafe samples.append(contentsOf: $0)
      }
      progress(Double(start + size) / Double(count))
    }
    return Tensor(samples, shape: [count, configuration.wDim])
  }

  /// Large enough for fast matrix products, small enough to answer a cancel at once.
  private static let batch = 500
}
