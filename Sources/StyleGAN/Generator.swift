package import NN
package import Tensors

/// A StyleGAN2 generator: `MappingNetwork` z → w and `SynthesisNetwork` ws → picture.
///
/// Pictures come from the fused path where the architecture has one, from the definition of the
/// network where not (residual generators).
package struct Generator: LatentModel {
  package let configuration: GeneratorConfiguration
  package let mapping: MappingNetwork
  package let synthesis: SynthesisNetwork
  let fused: FusedSynthesis?

  /// - Parameter parameters: the tensor of a StyleGAN2-ADA name such as
  ///   `synthesis.b4.conv1.weight` (numerics: state-dict names), float32
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
      configuration.architecture == .resnet ? nil : FusedSynthesis(synthesis, configuration)
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
    let target = upTo ?? configuration.resolution
    check(ws: ws, upTo: target)
    if let fused {
      // Without toRGB in every block there is no smaller picture to stop at.
      let reach = configuration.architecture == .skip ? target : configuration.resolution
      return fused(ws: ws, noise: noise, upTo: reach, isCancelled: isCancelled)
    }
    return definition(ws: ws, noise: noise, upTo: configuration.resolution).last?.image
      .map { $0.reshaped([configuration.imageChannels, $0.shape[2], $0.shape[3]]) }
  }

  /// Every block's activations and picture by the network's definition; ws [num_ws, w_dim].
  package func definition(
    ws: Tensor, noise: NoiseMode, upTo: Int? = nil
  ) -> [SynthesisNetwork.Stage] {
    let target = upTo ?? configuration.resolution
    check(ws: ws, upTo: target)
    let resolutions = synthesis.blocks.flatMap {
      Array(repeating: $0.resolution, count: $0.conv0 == nil ? 1 : 2)
    }
    return synthesis.stages(
      ws: ws.reshaped([1, configuration.numWs, configuration.wDim]),
      noise: NoiseInputs(noise, resolutions: resolutions), upTo: target)
  }

  package func styleWeights(row: Int) -> [Tensor] {
    var weights: [Tensor] = []
    for block in synthesis.blocks {
      if let conv0 = block.conv0, block.conv0Row == row {
        weights.append(conv0.affine.weight.tensor)
      }
      if block.conv1Row == row { weights.append(block.conv1.affine.weight.tensor) }
    }
    if row == configuration.numWs - 1, let last = synthesis.blocks.last?.toRGB {
      weights.append(last.affine.weight.tensor)
    }
    return weights
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
  var synthesis: SynthesisNetwork

  init(_ configuration: GeneratorConfiguration) {
    mapping = MappingNetwork(configuration)
    synthesis = SynthesisNetwork(configuration)
  }

  mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("mapping", &mapping)
    try visitor("synthesis", &synthesis)
  }
}
