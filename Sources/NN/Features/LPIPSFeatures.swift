package import Tensors

/// LPIPS v0.1 with VGG16 (Zhang et al. 2018, equation 1; numerics: VGG16-LPIPS) as features: the
/// sum of their squared differences is the LPIPS distance.
package struct LPIPSFeatures: Module, PerceptualFeatures {
  package let name = "LPIPS VGG16"
  package var network: VGG16
  /// The weight of each channel of each tap, not negative: [C].
  package var heads: [Parameter]

  package init(widths: [Int] = VGG16.widths) {
    network = VGG16(widths: widths)
    heads = widths.map { Parameter([$0]) }
  }

  /// Mean and deviation of the pictures VGG16 was trained on, on the range [-1, 1].
  private static let shift: [Float] = [-0.030, -0.088, -0.188]
  private static let scale: [Float] = [0.458, 0.448, 0.450]

  /// The derivative of `normalized`, [1, 3, 1, 1].
  static let invertedScale = Tensor(scale.map { 1 / $0 }, shape: [1, 3, 1, 1])

  package static func normalized(_ pictures: Tensor) -> Tensor {
    (pictures + Tensor(shift.map { -$0 }, shape: [1, 3, 1, 1])) * invertedScale
  }

  package func callAsFunction(_ pictures: Tensor) -> [Tensor] {
    zip(network(Self.normalized(pictures)), heads).map { tap, head in
      let (samples, channels) = (tap.shape[0], tap.shape[1])
      let (height, width) = (tap.shape[2], tap.shape[3])
      // The norm has a gradient at 0 too with something below the root.
      let norm = tap.squared.summed(to: [samples, 1, height, width])
        .inverseSquareRoot(epsilon: 1e-20)
      let weight = head.tensor.power(0.5) * (1 / Float(height * width).squareRoot())
      return tap * norm * weight.reshaped([1, channels, 1, 1])
    }
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try network.visit(&visitor)
    for index in heads.indices { try visitor("lin\(index).weight", &heads[index]) }
  }
}
