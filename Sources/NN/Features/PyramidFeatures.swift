package import Tensors

/// A distance that needs no trained network: what a picture shows at every scale, and where its
/// edges are.
///
/// Of each level of a Gaussian pyramid (binomial filter, Burt and Adelson 1983) it compares
/// - the Laplacian band, colours included, so that differences count at the scale they have;
/// - the horizontal and vertical gradients of each channel, divided by their local energy, so that
///   the place and direction of an edge count and its contrast hardly does (the structure term of
///   SSIM, Wang et al. 2004, carried over to gradients).
/// Every term is a mean over its pixels; each level has the same weight.
package struct PyramidFeatures: PerceptualFeatures {
  package let name = "pyramid"
  /// Factors of the squared differences.
  private let bandWeight: Float
  private let structureWeight: Float
  /// Levels end at this side.
  private let smallest: Int

  package init(bandWeight: Float = 1, structureWeight: Float = 0.1, smallest: Int = 8) {
    self.bandWeight = bandWeight
    self.structureWeight = structureWeight
    self.smallest = smallest
  }

  private static let halve = UpFIRDn(taps: UpFIRDn.binomial, down: 2, padding: (1, 1))
  /// (1, 2, 1) / 4 along each axis.
  private static let local = UpFIRDn(taps: [0.25, 0.5, 0.25], padding: (1, 1))
  /// Sobel's two filters.
  private static let sobel = Tensor(
    [-1, 0, 1, -2, 0, 2, -1, 0, 1, -1, -2, -1, 0, 0, 0, 1, 2, 1].map { $0 / 8 },
    shape: [2, 1, 3, 3])

  package func callAsFunction(_ pictures: Tensor) -> [Tensor] {
    var features: [Tensor] = []
    var level = pictures
    while true {
      let isLast = min(level.shape[2], level.shape[3]) / 2 < smallest
        || level.shape[2] % 2 != 0 || level.shape[3] % 2 != 0
      features.append(weighted(structure(of: level), structureWeight))
      if isLast {
        features.append(weighted(level, bandWeight))
        return features
      }
      let below = Tensor.applying(Self.halve, to: level)
      let band = level - Tensor.applying(UpFIRDn.upsample2d, to: below)
      features.append(weighted(band, bandWeight))
      level = below
    }
  }

  /// So that squared differences add up to `weight` times their mean.
  private func weighted(_ x: Tensor, _ weight: Float) -> Tensor {
    x * (weight * Float(x.shape[0]) / Float(x.count)).squareRoot()
  }

  private func structure(of level: Tensor) -> Tensor {
    let (height, width) = (level.shape[2], level.shape[3])
    let planes = level.shape[0] * level.shape[1]
    let gradients = Tensor.applying(
      Convolution(padding: 1), to: level.reshaped([planes, 1, height, width]), Self.sobel)
    let energy = Tensor.applying(Self.local, to: gradients.squared)
      .reshaped([planes, 2, height * width])
    // Both directions share the energy of both; 0.03 is a faint edge.
    let total = energy.summed(to: [planes, 1, height * width])
      .inverseSquareRoot(epsilon: 0.03 * 0.03)
    return (gradients.reshaped([planes, 2, height * width]) * total).reshaped([level.shape[0], level.shape[1] * 2, height, width])
  }
}
