import NN
import Tensors

extension Generator {
  /// A fresh, untrained StyleGAN2 generator as the papers initialise it: weights N(0, 1) (mapping: divided by
  /// the learning-rate multiplier), biases 0, style biases 1, noise maps N(0, 1) of strength 0.
  package init(untrained configuration: GeneratorConfiguration, seed: UInt32) {
    precondition(configuration.family == .styleGAN2, "only StyleGAN2 is initialised from nothing")
    var state = NumPyRandomState(seed: seed)
    let shapes = Dictionary(
      uniqueKeysWithValues: Generator.census(configuration).entries.map { ($0.name, $0.shape) })
    do {
      try self.init(configuration) { name in
        guard let shape = shapes[name] else { preconditionFailure("no parameter \(name)") }
        if name.hasSuffix("affine.bias") { return Tensor(repeating: 1, shape: shape) }
        if name.hasSuffix("bias") || name.hasSuffix("noise_strength") || name.hasSuffix("w_avg") {
          return Tensor(zeros: shape)
        }
        let normal = Tensor(state.standardNormal(shape.count), shape: shape)
        return name.hasPrefix("mapping.fc")
          ? normal * (1 / configuration.mappingLearningRateMultiplier) : normal
      }
    } catch {
      preconditionFailure("the census and the network disagree: \(error)")
    }
  }
}
