package import NN
package import Tensors

/// A StyleGAN generator, 1, 2 or 3: `MappingNetwork` z → w and a synthesis network ws → picture.
///
/// Pictures of StyleGAN2's skip and orig architectures come from the fused path, the others from
/// the definition of their network.
package struct Generator: LatentModel {
  package let configuration: GeneratorConfiguration
  package let mapping: MappingNetwork
  package let synthesis: Synthesis
  private(set) var fused: FusedSynthesis?

  /// The synthesis network of each family.
  package enum Synthesis: Sendable {
    case styleGAN1(StyleGAN1Synthesis)
    case styleGAN2(SynthesisNetwork)
    case styleGAN3(StyleGAN3Synthesis)
  }

  /// - Parameter parameters: the tensor of a StyleGAN2-ADA or StyleGAN3 name such as
  ///   `synthesis.b4.conv1.weight` (numerics: state-dict names), float32; StyleGAN1 has names of
  ///   the same form
  /// - Throws: what `parameters` throws, or `ParameterMismatch` for a tensor of a wrong shape.
  package init(
    _ configuration: GeneratorConfiguration, parameters: @escaping (String) throws -> Tensor
  ) throws {
    var network = Networks(configuration)
    var loader = ParameterLoader(parameters)
    try network.visit(&loader)
    self.configuration = configuration
    mapping = network.mapping
    synthesis = network.synthesis
    fused =
      if case .styleGAN2(let synthesis) = network.synthesis, configuration.architecture != .resnet {
        FusedSynthesis(synthesis, configuration)
      } else {
        nil
      }
  }

  /// The same generator with working memory of its own: pictures of the two do not wait for each
  /// other.
  package var twin: Generator {
    var twin = self
    if case .styleGAN2(let network) = synthesis, fused != nil {
      twin.fused = FusedSynthesis(network, configuration)
    }
    return twin
  }

  /// Names and shapes of every parameter such a generator has.
  package static func census(_ configuration: GeneratorConfiguration) -> ParameterCensus {
    ParameterCensus(of: Networks(configuration))
  }

  package var wAverage: Tensor { mapping.wAverage.tensor }

  package func map(z: Tensor, classIndices: [Int]?) -> Tensor {
    precondition(
      z.shape.rank == 2 && z.shape[1] == configuration.zDim,
      "z \(z.shape) for z_dim \(configuration.zDim)")
    guard configuration.cDim > 0 else { return mapping(z: z, classes: nil) }
    let indices = classIndices ?? Array(repeating: 0, count: z.shape[0])
    precondition(indices.count == z.shape[0], "\(indices.count) classes for \(z.shape[0]) rows")
    var oneHot = [Float](repeating: 0, count: z.shape[0] * configuration.cDim)
    for (row, index) in indices.enumerated() {
      precondition((0..<configuration.cDim).contains(index), "class \(index)")
      oneHot[row * configuration.cDim + index] = 1
    }
    return mapping(z: z, classes: Tensor(oneHot, shape: [z.shape[0], configuration.cDim]))
  }

  package func synthesize(
    ws: Tensor, noise: NoiseMode, upTo: Int?, isCancelled: () -> Bool
  ) -> Tensor? {
    synthesize(ws: ws, noise: noise, upTo: upTo, precision: .full, isCancelled: isCancelled)
  }

  package var hasDrafts: Bool { fused?.hasDrafts ?? false }

  package func synthesize(
    ws: Tensor, noise: NoiseMode, upTo: Int?, precision: SynthesisPrecision,
    isCancelled: () -> Bool
  ) -> Tensor? {
    let wanted = upTo ?? configuration.resolution
    check(ws: ws, upTo: wanted)
    // A network that makes its picture at the end has no smaller one to stop at.
    let target =
      configuration.previewResolutions.contains(wanted) ? wanted : configuration.resolution
    if let fused {
      return fused(
        ws: ws, noise: noise, upTo: target, precision: precision, isCancelled: isCancelled)
    }
    let batch = ws.reshaped([1, configuration.numWs, configuration.wDim])
    let picture: Tensor?
    switch synthesis {
    case .styleGAN1(let network):
      picture = network(ws: batch, noise: noiseInputs(noise), isCancelled: isCancelled)
    case .styleGAN2(let network):
      picture =
        network.stages(
          ws: batch, noise: noiseInputs(noise), upTo: target, isCancelled: isCancelled)?.last?.image
    case .styleGAN3(let network):
      picture = network(ws: batch, isCancelled: isCancelled)
    }
    return picture.map { $0.reshaped([configuration.imageChannels, $0.shape[2], $0.shape[3]]) }
  }

  /// Every block's activations and picture by the definition of a StyleGAN2 network;
  /// ws [num_ws, w_dim]. Empty for the other families.
  package func definition(
    ws: Tensor, noise: NoiseMode, upTo: Int? = nil
  ) -> [SynthesisNetwork.Stage] {
    let target = upTo ?? configuration.resolution
    check(ws: ws, upTo: target)
    guard case .styleGAN2(let network) = synthesis else { return [] }
    return network.stages(
      ws: ws.reshaped([1, configuration.numWs, configuration.wDim]), noise: noiseInputs(noise),
      upTo: target) ?? []
  }

  /// The maps for every layer with a noise input, by its row of ws.
  package func noiseInputs(_ mode: NoiseMode) -> NoiseInputs {
    let perBlock = configuration.blockResolutions.map { resolution in
      let count = configuration.family == .styleGAN2 && resolution == 4 ? 1 : 2
      return Array(repeating: resolution, count: count)
    }
    return NoiseInputs(mode, resolutions: perBlock.flatMap { $0 })
  }

  package func styleWeights(row: Int) -> [Tensor] {
    switch synthesis {
    case .styleGAN1(let network): return [network.layers[row].affine.weight.tensor]
    case .styleGAN3(let network):
      return [row == 0 ? network.input.affine : network.layers[row - 1].affine]
        .map { $0.weight.tensor }
    case .styleGAN2(let network):
      var weights: [Tensor] = []
      for block in network.blocks {
        if let conv0 = block.conv0, block.conv0Row == row {
          weights.append(conv0.affine.weight.tensor)
        }
        if block.conv1Row == row { weights.append(block.conv1.affine.weight.tensor) }
      }
      if row == configuration.numWs - 1, let last = network.blocks.last?.toRGB {
        weights.append(last.affine.weight.tensor)
      }
      return weights
    }
  }

  private func check(ws: Tensor, upTo: Int) {
    precondition(
      ws.shape == [configuration.numWs, configuration.wDim],
      "ws \(ws.shape) for [\(configuration.numWs), \(configuration.wDim)]")
    precondition(
      configuration.blockResolutions.contains(upTo),
      "no picture of \(upTo)² in a network of \(configuration.resolution)²")
  }
}

/// The two networks under the names checkpoints have for them.
private struct Networks: Module {
  var mapping: MappingNetwork
  var synthesis: Generator.Synthesis

  init(_ configuration: GeneratorConfiguration) {
    mapping = MappingNetwork(configuration)
    synthesis =
      switch configuration.family {
      case .styleGAN1: .styleGAN1(StyleGAN1Synthesis(configuration))
      case .styleGAN2: .styleGAN2(SynthesisNetwork(configuration))
      case .styleGAN3: .styleGAN3(StyleGAN3Synthesis(configuration))
      }
  }

  mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("mapping", &mapping)
    switch synthesis {
    case .styleGAN1(var network):
      defer { synthesis = .styleGAN1(network) }
      try visitor("synthesis", &network)
    case .styleGAN2(var network):
      defer { synthesis = .styleGAN2(network) }
      try visitor("synthesis", &network)
    case .styleGAN3(var network):
      defer { synthesis = .styleGAN3(network) }
      try visitor("synthesis", &network)
    }
  }
}
