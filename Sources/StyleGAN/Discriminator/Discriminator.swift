package import NN
package import Tensors

/// A StyleGAN2 discriminator: pictures to scores, higher for pictures that look real
/// (StyleGAN2 paper, §4.1; numerics: discriminators). StyleGAN3 trains with it too.
package struct Discriminator: Module {
  package let configuration: DiscriminatorConfiguration
  package var blocks: [DiscriminatorBlock]
  package var epilogue: DiscriminatorEpilogue
  package var mapping: ClassMapping?

  package init(_ configuration: DiscriminatorConfiguration) {
    self.configuration = configuration
    blocks = configuration.blockResolutions.map { DiscriminatorBlock(resolution: $0, configuration) }
    epilogue = DiscriminatorEpilogue(configuration)
    if configuration.cDim > 0 { mapping = ClassMapping(configuration) }
  }

  /// - Parameter parameters: the tensor of a StyleGAN2-ADA name such as `b4.conv.weight`
  /// - Throws: what `parameters` throws, or `ParameterMismatch` for a tensor of a wrong shape.
  package init(
    _ configuration: DiscriminatorConfiguration, parameters: @escaping (String) throws -> Tensor
  ) throws {
    self.init(configuration)
    var loader = ParameterLoader(parameters)
    try visit(&loader)
  }

  /// - Parameters:
  ///   - pictures: [N, imageChannels, R, R], nominal range [-1, 1]
  ///   - classes: one-hot [N, c_dim] for a conditional network, nil otherwise
  /// - Returns: [N, 1]
  package func callAsFunction(_ pictures: Tensor, classes: Tensor? = nil) -> Tensor {
    var picture = pictures
    var x: Tensor?
    for block in blocks {
      let next = block(x, picture: picture)
      x = next.x
      picture = next.picture
    }
    guard let x else { preconditionFailure("a discriminator without blocks") }
    let classMap = mapping.map { mapping in
      guard let classes else { preconditionFailure("a conditional network needs classes") }
      return mapping(classes)
    }
    return epilogue(x, picture: picture, classMap: classMap)
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    for index in blocks.indices {
      try visitor("b\(blocks[index].resolution)", &blocks[index])
    }
    try visitor("b4", &epilogue)
    if var network = mapping {
      defer { mapping = network }
      try visitor("mapping", &network)
    }
  }
}

/// A class to the direction scores are projected on (cGANs with projection discriminator,
/// 1802.05637): a mapping network without z.
package struct ClassMapping: Module {
  package var embedding: FullyConnectedLayer
  package var layers: [FullyConnectedLayer]

  package init(_ configuration: DiscriminatorConfiguration) {
    let width = configuration.cmapDim
    embedding = FullyConnectedLayer(
      inputs: configuration.cDim, outputs: width, activation: .linear)
    layers = (0..<configuration.mappingLayers).map { _ in
      FullyConnectedLayer(
        inputs: width, outputs: width,
        learningRateMultiplier: configuration.mappingLearningRateMultiplier,
        activation: .leakyReLU)
    }
  }

  /// One-hot [N, c_dim] to [N, cmapDim].
  package func callAsFunction(_ classes: Tensor) -> Tensor {
    layers.reduce(embedding(classes).unitSecondMoment) { $1($0) }
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("embed", &embedding)
    for index in layers.indices { try visitor("fc\(index)", &layers[index]) }
  }
}
