package import NN
package import Tensors

/// z → w (StyleGAN paper §2; numerics: mapping network). z and, for conditional networks, the
/// embedded class are brought to unit second moment, joined, and sent through fully connected
/// layers. StyleGAN1 joins them first and has its √2 in the weights.
package struct MappingNetwork: Module {
  package var layers: [FullyConnectedLayer]
  /// The class embedding of a conditional network.
  package var embedding: FullyConnectedLayer?
  /// StyleGAN1's class embedding, [c_dim, w_dim], which has neither bias nor gain.
  package var labelWeight: Parameter?
  /// The tracked mean of w, [w_dim].
  package var wAverage: Parameter

  package init(_ configuration: GeneratorConfiguration) {
    let isConditional = configuration.cDim > 0
    let isFirst = configuration.family == .styleGAN1
    if isConditional, isFirst {
      labelWeight = Parameter([configuration.cDim, configuration.wDim])
    } else if isConditional {
      embedding = FullyConnectedLayer(
        inputs: configuration.cDim, outputs: configuration.wDim, activation: .linear)
    }
    let features = configuration.zDim + (isConditional ? configuration.wDim : 0)
    layers = (0..<configuration.mappingLayers).map { index in
      FullyConnectedLayer(
        inputs: index == 0 ? features : configuration.wDim, outputs: configuration.wDim,
        learningRateMultiplier: configuration.mappingLearningRateMultiplier,
        activation: isFirst ? BiasActivation(slope: 0.2, gain: 1) : .leakyReLU,
        gain: isFirst ? Float(2).squareRoot() : 1)
    }
    wAverage = Parameter([configuration.wDim], role: .buffer)
  }

  /// - Parameters:
  ///   - z: [N, z_dim]
  ///   - classes: one-hot [N, c_dim] for a conditional network, nil otherwise
  /// - Returns: [N, w_dim], untruncated
  package func callAsFunction(z: Tensor, classes: Tensor?) -> Tensor {
    layers.reduce(joined(z: z, classes: classes)) { $1($0) }
  }

  /// What the first layer gets: [N, z_dim] or, with classes, [N, z_dim + w_dim].
  private func joined(z: Tensor, classes: Tensor?) -> Tensor {
    guard embedding != nil || labelWeight != nil else { return z.unitSecondMoment }
    guard let classes else { preconditionFailure("a conditional network needs classes") }
    if let embedding {
      return Tensor.applying(
        Concatenation(), to: z.unitSecondMoment, embedding(classes).unitSecondMoment)
    }
    guard let labelWeight else { preconditionFailure("a conditional network without embedding") }
    let embedded = Tensor.applying(MatrixProduct(), to: classes, labelWeight.tensor)
    return Tensor.applying(Concatenation(), to: z, embedded).unitSecondMoment
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    if var embed = embedding {
      defer { embedding = embed }
      try visitor("embed", &embed)
    }
    if var weight = labelWeight {
      defer { labelWeight = weight }
      try visitor("label.weight", &weight)
    }
    for index in layers.indices { try visitor("fc\(index)", &layers[index]) }
    try visitor("w_avg", &wAverage)
  }
}

extension Tensor {
  /// x / √(mean(x²) + 1e-8), row by row of [N, features].
  var unitSecondMoment: Tensor {
    let mean = Tensor.applying(TrailingSum(from: 1), to: squared) * (1 / Float(shape[1]))
    return self * mean.inverseSquareRoot(epsilon: 1e-8).reshaped([shape[0], 1])
  }
}
