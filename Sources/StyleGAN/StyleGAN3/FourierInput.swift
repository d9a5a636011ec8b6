import Glibc
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
    let t = affine(w).values.map(Double.init)
    let norm = hypot(t[0], t[1])
    let (rc, rs, tx, ty) = (t[0] / norm, t[1] / norm, t[2] / norm, t[3] / norm)
    let user = transform.tensor.values.map(Double.init)
    // M = R · T · transform, with T a translation by (−t_x, −t_y).
    let moved = [
      rc, -rs, -rc * tx + rs * ty,
      rs, rc, -rs * tx - rc * ty,
      0, 0, 1,
    ]
    func m(_ row: Int, _ column: Int) -> Double {
      (0..<3).reduce(0) { $0 + moved[row * 3 + $1] * user[$1 * 3 + column] }
    }
    let freqs = frequencies.tensor.values.map(Double.init)
    let stored = phases.tensor.values.map(Double.init)
    var features = [Float](repeating: 0, count: channels * size * size)
    for c in 0..<channels {
      let (fx, fy) = (freqs[2 * c], freqs[2 * c + 1])
      let phase = stored[c] + fx * m(0, 2) + fy * m(1, 2)
      let gx = fx * m(0, 0) + fy * m(1, 0)
      let gy = fx * m(0, 1) + fy * m(1, 1)
      let excess = (hypot(gx, gy) - bandwidth) / (rate / 2 - bandwidth)
      let amplitude = min(max(1 - excess, 0), 1)
      for row in 0..<size {
        let y = (Double(row) + 0.5 - Double(size) / 2) / rate
        for column in 0..<size {
          let x = (Double(column) + 0.5 - Double(size) / 2) / rate
          features[(c * size + row) * size + column] = Float(
            amplitude * sin(2 * .pi * (gx * x + gy * y + phase)))
        }
      }
    }
    let mixing = weight.tensor * (1 / Float(channels).squareRoot())
    return Tensor.applying(
      Convolution(padding: 0), to: Tensor(features, shape: [1, channels, size, size]),
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
