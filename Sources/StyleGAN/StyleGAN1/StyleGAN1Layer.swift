package import NN
package import Tensors

/// One layer of a StyleGAN1 synthesis network: the constant or a 3×3 convolution (optionally with
/// doubling), then noise, bias, leaky ReLU, instance normalisation and style (AdaIN)
/// (StyleGAN paper, equation 1; numerics: StyleGAN1 synthesis).
package struct StyleGAN1Layer: Module {
  package enum Kind: Sendable {
    /// The learned constant takes the place of a convolution.
    case constant
    case plain
    /// Nearest-neighbour doubling, convolution, blur (1, 2, 1).
    case up
  }

  package let kind: Kind
  package let resolution: Int
  /// [O, I, 3, 3], or the constant [O, 4, 4].
  package var weight: Parameter
  package var bias: Parameter  // [O]
  package var noiseStrength: Parameter  // [O]
  package var noiseConst: Parameter  // [resolution, resolution]
  package var affine: FullyConnectedLayer  // w → scale and shift, [2 O]

  package init(kind: Kind, inputs: Int, outputs: Int, resolution: Int, wDim: Int) {
    self.kind = kind
    self.resolution = resolution
    weight = Parameter(kind == .constant ? [outputs, 4, 4] : [outputs, inputs, 3, 3])
    bias = Parameter([outputs])
    noiseStrength = Parameter([outputs])
    noiseConst = Parameter([resolution, resolution], role: .buffer)
    affine = FullyConnectedLayer(inputs: wDim, outputs: 2 * outputs, activation: .linear)
  }

  private var outputs: Int { weight.shape[0] }

  /// (1, 2, 1) / 4 along each axis.
  private static let blur = UpFIRDn(taps: [0.25, 0.5, 0.25], padding: (1, 1))
  /// Every pixel twice along each axis.
  private static let nearest = UpFIRDn(taps: [1, 1], up: 2, padding: (1, 0))

  /// - Parameters:
  ///   - x: [N, I, h, h]; for the constant only the number of samples is taken from ws
  ///   - w: this layer's row of ws, [N, w_dim]
  ///   - noise: [resolution, resolution], the same for all samples, nil for none
  /// - Returns: [N, O, resolution, resolution]
  package func callAsFunction(_ x: Tensor?, w: Tensor, noise: Tensor?) -> Tensor {
    let samples = w.shape[0]
    var y = convolved(x, samples: samples)
    if let noise {
      // A 1×1 convolution spreads the one map over the channels, each with its strength.
      y = y + Tensor.applying(
        Convolution(padding: 0), to: noise.reshaped([1, 1, resolution, resolution]),
        noiseStrength.tensor.reshaped([outputs, 1, 1, 1]))
    }
    y = Tensor.applying(BiasActivation(slope: 0.2, gain: 1), to: y, bias.tensor)
    y = instanceNormalized(y)
    let style = affine(w).reshaped([samples, 2, outputs])
    let shape: Shape = [samples, outputs, 1, 1]
    let scale = Tensor.applying(Selection(0), to: style).reshaped(shape)
    let shift = Tensor.applying(Selection(1), to: style).reshaped(shape)
    return y * scale + y + shift
  }

  private func convolved(_ x: Tensor?, samples: Int) -> Tensor {
    guard kind != .constant, let x else {
      return Tensor.applying(
        Broadcast(to: [samples, outputs, 4, 4]), to: weight.tensor.reshaped([1, outputs, 4, 4]))
    }
    // He's gain √2 is in the weights here, not behind the activation.
    let gain = (2 / Float(9 * weight.shape[1])).squareRoot()
    let kernel = weight.tensor * gain
    guard kind == .up else { return Tensor.applying(Convolution(padding: 1), to: x, kernel) }
    let doubled = Tensor.applying(Self.nearest, to: x)
    return Tensor.applying(
      Self.blur, to: Tensor.applying(Convolution(padding: 1), to: doubled, kernel))
  }

  /// Zero mean and unit variance over the pixels of every channel.
  private func instanceNormalized(_ x: Tensor) -> Tensor {
    let perPixel = 1 / Float(x.shape[2] * x.shape[3])
    let shape: Shape = [x.shape[0], x.shape[1], 1, 1]
    let mean = Tensor.applying(TrailingSum(from: 2), to: x) * perPixel
    let centred = x + (mean * -1).reshaped(shape)
    let variance = Tensor.applying(TrailingSum(from: 2), to: centred.squared) * perPixel
    return centred * variance.inverseSquareRoot(epsilon: 1e-8).reshaped(shape)
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor(kind == .constant ? "const" : "weight", &weight)
    try visitor("bias", &bias)
    try visitor("noise_strength", &noiseStrength)
    try visitor("noise_const", &noiseConst)
    try visitor("affine", &affine)
  }
}
