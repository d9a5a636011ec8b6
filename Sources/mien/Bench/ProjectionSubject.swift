import Latents
import NN
import StyleGAN
import Tensors

extension BenchReport {
  /// One step of a projection with features of VGG16's size: the picture, its distance, and back
  /// to w; and the two halves of it.
  mutating func measureProjection(_ network: BenchNetwork, runs: Int) throws {
    let configuration = network.configuration
    let side = min(configuration.resolution, 256)
    guard side >= 16 else {
      throw Failure.failed("VGG16 needs pictures of 16² or more, not \(side)²")
    }
    var features = LPIPSFeatures()
    var values = RandomWeights(state: NumPyRandomState(seed: 5))
    features.visit(&values)
    let target = Tensor(
      zeros: [configuration.imageChannels, configuration.resolution, configuration.resolution])
    guard
      let objective = FusedObjective(network.generator, features: features, target: target),
      case .styleGAN2(let synthesis) = network.generator.synthesis,
      let passes = SynthesisGradient(synthesis, configuration)
    else { throw Failure.failed("only StyleGAN2's skip and orig generators have a fast projection") }
    let noise = network.generator.storedNoise
    var step = 0
    func ws() -> Tensor {
      step += 1
      return network.ws(movedFrom: 0, step: step)
    }
    let whole = Timing(runs: runs) {
      _ = objective.evaluate(ws: ws(), noise: noise, pose: nil, wantsNoise: false)
    }
    add("step", .timing(whole))
    say("projection, one step: \(whole.words)")
    let forward = Timing(runs: runs) { _ = passes.forward(ws: ws(), noise: noise) }
    let gradient = Tensor(repeating: 1, shape: Shape([1] + target.shape.dimensions))
    let backward = Timing(runs: runs) { _ = passes.backward(gradient, wantsNoise: false) }
    let compared = Tensor(zeros: [1, 3, side, side])
    let network = FastLPIPS(features, target: compared)
    let distance = Timing(runs: runs) { _ = network(compared) }
    add("distance", .timing(distance))
    add("synthesis", .object(["forward": .timing(forward), "backward": .timing(backward)]))
    say("of it the picture: \(forward.words)")
    say("of it the distance and its gradient: \(distance.words)")
    say("of it from the picture to w: \(backward.words)")
  }
}

/// Random weights of a size that neither grows nor shrinks, for networks that are only timed.
private struct RandomWeights: ParameterVisitor {
  var state: NumPyRandomState
  var path: [String] = []

  mutating func visit(_ name: String, _ parameter: inout Parameter, in path: [String]) {
    let shape = parameter.shape
    guard shape.rank == 4 else {
      parameter.tensor = Tensor(repeating: 0.01, shape: shape)
      return
    }
    let deviation = (2 / Float(shape.count / shape[0])).squareRoot()
    parameter.tensor = Tensor(state.standardNormal(shape.count), shape: shape) * deviation
  }
}
