package import NN
package import Tensors

/// The input of a StyleGAN3 synthesis network: Fourier features, rotated and shifted by row 0 of
/// ws and by a transform of the user's (StyleGAN3 paper, §3.1 and appendix F; numerics: input).
package struct FourierInput: Module {
  package var weight: Parameter  // [C, C]
  package var affine: FullyConnectedLayer  // w → (r_c, r_s, t_x, t_y)
  /// The inverse of the user's transform of the picture, [3, 3].
  package var transform: Parameter
  package var frequencies: Parameter  // [C, 2]
  package var phases: Parameter  // [C]
  private let size: Int
  private let rate: Double
  private let bandwidth: Double

  package init(_ configuration: AliasFreeConfiguration, resolution: Int, wDim: Int) {
    let input = configuration.input(resolution: resolution)
    size = input.size
    rate = Double(input.rate)
    bandwidth = input.bandwidth
    weight = Parameter([input.channels, input.channels])
    affine = FullyConnectedLayer(inputs: wDim, outputs: 4, activation: .linear)
    transform = Parameter([3, 3], role: .buffer)
    frequencies = Parameter([input.channels, 2], role: .buffer)
    phases = Parameter([input.channels], role: .buffer)
  }

  /// - Parameter w: row 0 of ws, [1, w_dim]
  /// - Returns: [1, C, size, size]
  package func callAsFunction(w: Tensor) -> Tensor {
    precondition(w.shape[0] == 1, "Fourier features of one picture at a time")
    let channels = phases.shape[0]
    let plain = frequencies.tensor.values.map(Double.init)
    let features = FourierFeatures(
      frequencies: (0..<channels).map { (plain[2 * $0], plain[2 * $0 + 1]) },
      phases: phases.tensor.values.map(Double.init),
      transform: transform.tensor.values.map(Double.init), size: size, rate: rate,
      bandwidth: bandwidth)
    let mixing = weight.tensor * (1 / Float(channels).squareRoot())
    return Tensor.applying(
      Convolution(padding: 0), to: Tensor.applying(features, to: affine(w)),
      mixing.reshaped([channels, channels, 1, 1]))
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("weight", &weight)
    try visitor("affine", &affine)
    try visitor("transform", &transform)
    try visitor("freqs", &frequencies)
    try visitor("phases", &phases)
  }
}
