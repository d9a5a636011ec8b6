import NN
import StyleGAN
import Tensors
import TestFixtures

/// A generator with reproducible random weights of sensible size.
func randomGenerator(_ configuration: GeneratorConfiguration, seed: UInt64 = 1) throws -> Generator {
  var random = RandomTensors(seed: seed)
  let shapes = Dictionary(
    uniqueKeysWithValues: Generator.census(configuration).entries.map { ($0.name, $0.shape) })
  return try Generator(configuration) { name in
    let tensor = random.tensor(shapes[name]!)
    // Mapping weights are stored divided by the learning-rate multiplier.
    if name.hasPrefix("mapping.fc"), name.hasSuffix("weight") { return tensor * 100 }
    if name.hasSuffix("affine.bias") {
      return tensor * 0.2 + Tensor(repeating: 1, shape: tensor.shape)
    }
    return tensor
  }
}

func randomWs(_ configuration: GeneratorConfiguration, seed: UInt64 = 9) -> Tensor {
  var random = RandomTensors(seed: seed)
  return random.tensor([configuration.numWs, configuration.wDim])
}
