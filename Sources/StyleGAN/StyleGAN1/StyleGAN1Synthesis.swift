package import NN
package import Tensors

/// ws → picture of StyleGAN1: two layers at every resolution, row 2 (log2 r − 2) + {0, 1} of ws
/// each, and one toRGB at the full resolution.
package struct StyleGAN1Synthesis: Module {
  /// In order of their ws rows: constant, 4² convolution, 8² doubling, 8² convolution, …
  package var layers: [StyleGAN1Layer]
  package var toRGBWeight: Parameter  // [C, I, 1, 1]
  package var toRGBBias: Parameter  // [C]
  private let resolution: Int

  package init(_ configuration: GeneratorConfiguration) {
    resolution = configuration.resolution
    var layers: [StyleGAN1Layer] = []
    for (index, resolution) in configuration.blockResolutions.enumerated() {
      let outputs = configuration.blockChannels[index]
      let inputs = index == 0 ? outputs : configuration.blockChannels[index - 1]
      for (kind, inputs) in [(index == 0 ? .constant : .up, inputs), (.plain, outputs)]
        as [(StyleGAN1Layer.Kind, Int)]
      {
        layers.append(
          StyleGAN1Layer(
            kind: kind, inputs: inputs, outputs: outputs, resolution: resolution,
            wDim: configuration.wDim))
      }
    }
    self.layers = layers
    let last = configuration.blockChannels.last ?? 0
    toRGBWeight = Parameter([configuration.imageChannels, last, 1, 1])
    toRGBBias = Parameter([configuration.imageChannels])
  }

  /// - Parameters:
  ///   - ws: [1, num_ws, w_dim]
  ///   - isCancelled: asked before every layer
  ///   - observe: called with every layer's activations [1, C, r, r]
  /// - Returns: [1, C, resolution, resolution], nil where cancelled
  package func callAsFunction(
    ws: Tensor, noise: NoiseInputs, isCancelled: () -> Bool = { false },
    observe: (Int, Tensor) -> Void = { _, _ in }
  ) -> Tensor? {
    var x: Tensor?
    for (row, layer) in layers.enumerated() {
      if isCancelled() { return nil }
      let y = layer(
        x, w: Tensor.applying(Selection(row), to: ws),
        noise: noise.map(layer: row, stored: layer.noiseConst))
      observe(row, y)
      x = y
    }
    guard let x else { preconditionFailure("a network without layers") }
    let gain = 1 / Float(toRGBWeight.shape[1]).squareRoot()
    return Tensor.applying(
      BiasActivation.linear,
      to: Tensor.applying(Convolution(padding: 0), to: x, toRGBWeight.tensor * gain),
      toRGBBias.tensor)
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    for index in layers.indices {
      let name = "b\(layers[index].resolution)"
      try visitor("\(name).conv\(index % 2)", &layers[index])
    }
    try visitor("b\(resolution).torgb.weight", &toRGBWeight)
    try visitor("b\(resolution).torgb.bias", &toRGBBias)
  }
}
