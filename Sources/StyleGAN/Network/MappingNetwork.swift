package import NN
package import Tensors

/// z → w (StyleGAN paper §2; numerics: mapping network). z and, for conditional networks, the
/// embedded class are brought to unit second moment, joined, and sent through fully connected
/// layers.
package struct MappingNetwork: Module {
  package var layers: [FullyConnectedLayer]
  /// The class embedding of a conditional network.
  package var embedding: FullyConnectedLayer?
  /// The tracked mean of w, [w_dim].
  package var wAverage: Parameter

  package init(_ configuration: GeneratorConfiguration) {
    let isConditional = configuration.cDim > 0
    if isConditional {
      embedding = FullyConnectedLayer(
        inputs: configuration.cDim, outputs: configuration.wDim, activation: .linear)
    }
    let features = configuration.zDim + (isConditional ? configuration.wDim : 0)
    layers = (0..<configuration.mappingLayers).map { index in
      FullyConnectedLayer(
        inputs: index == 0 ? features : configuration.wDim, outputs: configuration.wDim,
        learningRateMultiplier: configuration.mappingLearningRateMultiplier,
        activation: .leakyReLU)
    }
    wAverage = Parameter([configuration.wDim], role: .buffer)
  }

  /// - Parameters:
  ///   - z: [N, z_dim]
  ///   - classes: one-hot [N, c_dim] for a conditional network, nil otherwise
  /// - Returns: [N, w_dim], untruncated
  package func callAsFunction(z: Tensor, classes: Tensor?) -> Tensor {
    var x = unitSecondMoment(z)
    if let embedding {
      guard let classes else { preconditionFailure("a conditional network needs classes") }
      x = Tensor.applying(Concatenation(), to: x, unitSecondMoment(embedding(classes)))
    }
    return layers.reduce(x) { $1($0) }
  }

  /// x / √(mean(x²) + 1e-8), row by row.
  private func unitSecondMoment(_ x: Tensor) -> Tensor {
    let mean = Tensor.applying(TrailingSum(from: 1), to: x.squared) * (1 / Float(x.shape[1]))
    return x * mean.inverseSquareRoot(epsilon: 1e-8).reshaped([x.shape[0], 1])
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    if var embed = embedding {
      defer { embedding = embed }
      try visitor("embed", &embed)
    }
    for index in layers.indices { try visitor("fc\(index)", &layers[index]) }
    try visitor("w_avg", &wAverage)
  }
}
