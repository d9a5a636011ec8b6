package import NN
package import Tensors

/// A StyleGAN3 layer: modulated convolution with magnitude scaling, then the filtered leaky ReLU
/// (StyleGAN3 paper, §3.2 and appendix B; numerics: synthesis layer). The last layer, toRGB, has
/// neither demodulation nor filters.
package struct StyleGAN3Layer: Module {
  package let layer: AliasFreeConfiguration.Layer
  private let clamp: Float?
  package var weight: Parameter  // [O, I, k, k]
  package var bias: Parameter  // [O]
  /// Running mean square of the input; a scalar.
  package var magnitude: Parameter
  package var affine: FullyConnectedLayer  // w → style [I]
  package var upFilter: Parameter?  // [taps]
  package var downFilter: Parameter?  // [taps], or [taps, taps] where radial

  package init(
    _ layer: AliasFreeConfiguration.Layer, _ configuration: AliasFreeConfiguration, wDim: Int,
    clamp: Float?
  ) {
    self.layer = layer
    self.clamp = clamp
    weight = Parameter([layer.outputs, layer.inputs, layer.kernel, layer.kernel])
    bias = Parameter([layer.outputs])
    magnitude = Parameter([], role: .buffer)
    affine = FullyConnectedLayer(inputs: wDim, outputs: layer.inputs, activation: .linear)
    if layer.upTaps > 1 { upFilter = Parameter([layer.upTaps], role: .buffer) }
    if layer.downTaps > 1 {
      let isRadial = configuration.usesRadialFilters && !layer.isCriticallySampled
      downFilter = Parameter(
        isRadial ? [layer.downTaps, layer.downTaps] : [layer.downTaps], role: .buffer)
    }
  }

  /// - Parameters:
  ///   - x: [1, I, inSize, inSize]
  ///   - w: this layer's row of ws, [1, w_dim]
  /// - Returns: [1, O, outSize, outSize]
  package func callAsFunction(_ x: Tensor, w: Tensor) -> Tensor {
    precondition(x.shape[0] == 1, "magnitudes are normalised over one picture at a time")
    let inputs = layer.inputs
    let outputs = layer.outputs
    var style = affine(w)  // [1, I]
    var kernel = weight.tensor
    var demodulation = Tensor(repeating: 1, shape: [1, outputs])
    if layer.isToRGB {
      style = style * (1 / Float(inputs * layer.kernel * layer.kernel).squareRoot())
    } else {
      let perOutput = Float(inputs * layer.kernel * layer.kernel)
      let mean = Tensor.applying(TrailingSum(from: 1), to: kernel.squared) * (1 / perOutput)
      kernel = kernel * mean.inverseSquareRoot(epsilon: 0).reshaped([outputs, 1, 1, 1])
      let styleMean =
        Tensor.applying(TrailingSum(from: 1), to: style.squared) * (1 / Float(inputs))
      style = style * styleMean.inverseSquareRoot(epsilon: 0).reshaped([1, 1])
      let energy = Tensor.applying(TrailingSum(from: 2), to: kernel.squared)
      demodulation = Tensor.applying(
        MatrixProduct(transposesSecond: true), to: style.squared, energy
      ).inverseSquareRoot(epsilon: 1e-8)
    }
    let inputGain = 1 / magnitude.tensor.values[0].squareRoot()
    let convolved = Tensor.applying(
      Convolution(padding: layer.kernel - 1), to: x * style.reshaped([1, inputs, 1, 1]), kernel)
    return filteredActivation(
      convolved * (demodulation * inputGain).reshaped([1, outputs, 1, 1]))
  }

  /// Bias, upsampling, leaky ReLU, clamp, downsampling: the nonlinearity at a rate at which it
  /// does not alias.
  private func filteredActivation(_ x: Tensor) -> Tensor {
    let limit = clamp ?? .infinity
    let taps = downFilter?.tensor.values
    let isRadial = downFilter?.shape.rank == 2
    return Tensor.applying(
      FilteredActivation(
        up: UpFIRDn(
          taps: upFilter?.tensor.values ?? [1], up: layer.up, padding: layer.padding,
          gain: Float(layer.up * layer.up)),
        down: UpFIRDn(
          taps: isRadial ? Array(repeating: 0, count: layer.downTaps) : taps ?? [1],
          down: layer.down, padding: (0, 0)),
        radial: isRadial ? downFilter?.tensor : nil,
        activation: layer.isToRGB
          ? BiasActivation(slope: 1, gain: 1, clamp: limit)
          : BiasActivation(slope: 0.2, gain: Float(2).squareRoot(), clamp: limit)),
      to: x, bias.tensor)
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("weight", &weight)
    try visitor("bias", &bias)
    try visitor("magnitude_ema", &magnitude)
    try visitor("affine", &affine)
    if var filter = upFilter {
      defer { upFilter = filter }
      try visitor("up_filter", &filter)
    }
    if var filter = downFilter {
      defer { downFilter = filter }
      try visitor("down_filter", &filter)
    }
  }
}
