import NN
package import Tensors

extension Generator {
  /// A fresh, untrained StyleGAN2 generator.
  package init(untrained configuration: GeneratorConfiguration, seed: UInt32) {
    let parameters = Box(UntrainedParameters(configuration, seed: seed))
    do {
      try self.init(configuration) { name in parameters.value[name] }
    } catch {
      preconditionFailure("the census and the network disagree: \(error)")
    }
  }

  private final class Box {
    var value: UntrainedParameters
    init(_ value: UntrainedParameters) { self.value = value }
  }
}

/// The parameters of a StyleGAN2 generator as the papers initialise them: weights N(0, 1) (mapping:
/// divided by the learning-rate multiplier), biases 0, style biases 1, noise maps N(0, 1) of
/// strength 0. Asked for in the order of `names`, the same seed gives the same network.
package struct UntrainedParameters {
  package let names: [String]
  private let shapes: [String: Shape]
  private let mappingGain: Float
  private var state: NumPyRandomState

  package init(_ configuration: GeneratorConfiguration, seed: UInt32) {
    precondition(configuration.family == .styleGAN2, "only StyleGAN2 is initialised from nothing")
    let entries = Generator.census(configuration).entries
    names = entries.map(\.name)
    shapes = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.shape) })
    mappingGain = 1 / configuration.mappingLearningRateMultiplier
    state = NumPyRandomState(seed: seed)
  }

  package subscript(name: String) -> Tensor {
    mutating get {
      guard let shape = shapes[name] else { preconditionFailure("no parameter \(name)") }
      if name.hasSuffix("affine.bias") { return Tensor(repeating: 1, shape: shape) }
      if name.hasSuffix("bias") || name.hasSuffix("noise_strength") || name.hasSuffix("w_avg") {
        return Tensor(zeros: shape)
      }
      let normal = Tensor(state.standardNormal(shape.count), shape: shape)
      return name.hasPrefix("mapping.fc") ? normal * mappingGain : normal
    }
  }
}
