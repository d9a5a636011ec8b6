package import Tensors

/// The LPIPS distance from one target with its gradient with respect to the picture: the fast,
/// first-order twin of `LPIPSFeatures`, blocked activations and packed weights from the first layer
/// to the last and back. Not for two threads at once.
package final class BlockedLPIPS {
  private struct Layer {
    let shape: BlockedShape
    let forward: GradientConvolution
    let backward: GradientConvolution
    let epilogue: StyledEpilogue
    let activations: Storage
  }
  private struct Group {
    var layers: [Layer]
    /// Of squared differences: head / pixels.
    let weight: [Float]
    let target: Storage
    /// The last activations, pooled for the next group.
    let pooled: Storage
    var shape: BlockedShape { layers[layers.count - 1].shape }
    var activations: Storage { layers[layers.count - 1].activations }
  }

  private let side: Int
  private let block = Blocking.preferred
  private let input: Storage
  private var groups: [Group] = []
  private let scratch: Storage
  /// Gradients take turns in these two.
  private var gradients: [Storage]
  private let invertedScale: Tensor

  /// - Parameters:
  ///   - features: loaded
  ///   - target: [1, 3, S, S], nominal range [-1, 1], S a multiple of 16
  package init(_ features: LPIPSFeatures, target: Tensor) {
    precondition(
      target.shape.rank == 4 && target.shape[0] == 1 && target.shape[1] == 3
        && target.shape[2] == target.shape[3] && target.shape[2] % 16 == 0,
      "a target of \(target.shape)")
    side = target.shape[2]
    let block = block
    let first = BlockedShape(channels: 3, block: block, height: side, width: side)
    input = Storage(count: first.count)
    var resolution = side
    for (layers, head) in zip(features.network.groups, features.heads) {
      let made = layers.map { Self.layer($0, side: resolution, block: block) }
      let shape = made[made.count - 1].shape
      let pixels = Float(resolution * resolution)
      let weight = head.tensor.values.map { $0 / pixels }
      groups.append(
        Group(
          layers: made,
          weight: Blocking.padded(weight, block: block),
          target: Storage(count: shape.count), pooled: Storage(count: shape.halved.count)))
      resolution /= 2
    }
    let all = groups.flatMap(\.layers)
    scratch = Storage(
      count: all.flatMap { [$0.forward.scratchCount, $0.backward.scratchCount] }
        .reduce(1, max))
    let largest = all.map(\.shape.count).reduce(first.count, max)
    gradients = [Storage(count: largest), Storage(count: largest)]
    invertedScale = LPIPSFeatures.invertedScale
    forward(target)
    for group in groups { group.shape.unitChannels(group.activations, to: group.target) }
  }

  private static func layer(_ layer: VGG16.Layer, side: Int, block: Int) -> Layer {
    let weight = layer.weight.tensor
    let shape = BlockedShape(
      channels: weight.shape[0], block: block, height: side, width: side)
    var epilogue = StyledEpilogue(
      filter: .none, block: block, height: side, width: side,
      demodulation: Array(repeating: 1, count: shape.channels),
      bias: Blocking.padded(layer.bias.tensor.values, block: block))
    epilogue.slope = 0
    epilogue.gain = 1
    return Layer(
      shape: shape,
      forward: GradientConvolution(.plain, weight: weight, side: side, block: block),
      backward: GradientConvolution(
        .plain, weight: Tensor.applying(KernelTransposition(flips: true), to: weight), side: side,
        block: block),
      epilogue: epilogue, activations: Storage(count: shape.count))
  }

  private func forward(_ picture: Tensor) {
    let normalized = LPIPSFeatures.normalized(picture)
    blockScaled(
      normalized.reshaped([3, side * side]), style: [1, 1, 1], channels: 3, block: block,
      to: input)
    var x = input
    for (index, group) in groups.enumerated() {
      for layer in group.layers {
        layer.forward.run(x, to: layer.activations, scratch: scratch)
        layer.epilogue.run(layer.activations, to: layer.activations, rgb: nil)
        x = layer.activations
      }
      guard index + 1 < groups.count else { return }
      group.shape.maxPool(x, to: group.pooled)
      x = group.pooled
    }
  }

  /// - Parameter picture: of the target's shape
  /// - Returns: the LPIPS distance, and its gradient with respect to the picture
  package func callAsFunction(_ picture: Tensor) -> (distance: Float, gradient: Tensor) {
    precondition(picture.shape == [1, 3, side, side], "a picture of \(picture.shape)")
    forward(picture)
    var distance = 0.0
    var behind: Storage?
    for (index, group) in groups.enumerated().reversed() {
      // The gradient of the pooled activations, where there is one, lies in the second.
      distance += group.shape.lpipsBackward(
        activations: group.activations, target: group.target, weight: group.weight,
        pooled: behind, to: gradients[0])
      for (number, layer) in group.layers.enumerated().reversed() {
        layer.backward.run(gradients[0], to: gradients[1], scratch: scratch)
        guard number > 0 else { continue }
        let before = group.layers[number - 1]
        before.shape.reLUBackward(activations: before.activations, gradients[1])
        gradients.swapAt(0, 1)
      }
      behind = index > 0 ? gradients[1] : nil
    }
    let plain = unblocked(gradients[1], channels: 3, height: side, width: side, block: block)
    return (Float(distance), plain.reshaped([1, 3, side, side]) * invertedScale)
  }
}
