package import NN
package import Tensors

/// ws → picture of StyleGAN3: row 0 of ws moves the Fourier features, row i + 1 styles layer i.
/// There is no noise, and no smaller picture on the way.
package struct StyleGAN3Synthesis: Module {
  package var input: FourierInput
  package var layers: [StyleGAN3Layer]
  private let outputScale: Float

  package init(_ configuration: GeneratorConfiguration) {
    let aliasFree = configuration.aliasFree ?? AliasFreeConfiguration()
    input = FourierInput(
      aliasFree, resolution: configuration.resolution, wDim: configuration.wDim)
    layers = aliasFree.layers(
      resolution: configuration.resolution, imageChannels: configuration.imageChannels
    ).map {
      StyleGAN3Layer($0, aliasFree, wDim: configuration.wDim, clamp: configuration.convClamp)
    }
    outputScale = aliasFree.outputScale
  }

  /// - Parameters:
  ///   - ws: [1, num_ws, w_dim]
  ///   - isCancelled: asked before every layer
  ///   - observe: called with the name and result of the input and of every layer
  /// - Returns: [1, C, resolution, resolution], nil where cancelled
  package func callAsFunction(
    ws: Tensor, isCancelled: () -> Bool = { false },
    observe: (String, Tensor) -> Void = { _, _ in }
  ) -> Tensor? {
    var x = input(w: Tensor.applying(Selection(0), to: ws))
    observe("input", x)
    for (index, layer) in layers.enumerated() {
      if isCancelled() { return nil }
      x = layer(x, w: Tensor.applying(Selection(index + 1), to: ws))
      observe(layer.layer.name, x)
    }
    return x * outputScale
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("input", &input)
    for index in layers.indices { try visitor(layers[index].layer.name, &layers[index]) }
  }
}
