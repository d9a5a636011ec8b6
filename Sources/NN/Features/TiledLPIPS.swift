package import Tensors

/// `BlockedLPIPS` on matrix tiles: activations and gradients stay tiled from the first layer to the
/// last and back, each convolution with what follows it in one pass. Not for two threads at once.
package final class TiledLPIPS {
  private struct Layer {
    let input: TiledShape
    let output: TiledShape
    let forward: TiledLayer
    let backward: TiledLayer
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
    var shape: TiledShape { layers[layers.count - 1].output }
    var activations: Storage { layers[layers.count - 1].activations }
  }

  private let side: Int
  private let input: Storage
  private var groups: [Group] = []
  private let scratch: Storage
  /// Gradients take turns in two of each shape, whose borders stay zero.
  private var gradients: [TiledShape: [Storage]] = [:]

  /// - Parameters:
  ///   - features: loaded
  ///   - target: [1, 3, S, S], nominal range [-1, 1], S a multiple of 16
  /// - Precondition: `TiledLayer.isAvailable`.
  package init(_ features: LPIPSFeatures, target: Tensor) {
    precondition(
      target.shape.rank == 4 && target.shape[0] == 1 && target.shape[1] == 3
        && target.shape[2] == target.shape[3] && target.shape[2] % 16 == 0,
      "a target of \(target.shape)")
    side = target.shape[2]
    input = TiledShape(channels: 3, side: side).makeStorage()
    var resolution = side
    for (layers, head) in zip(features.network.groups, features.heads) {
      let made = layers.map { Self.layer($0, side: resolution) }
      let shape = made[made.count - 1].output
      let pixels = Float(resolution * resolution)
      let weight = head.tensor.values.map { $0 / pixels }
      groups.append(
        Group(
          layers: made, weight: Blocking.padded(weight, block: 32),
          target: Storage(count: shape.unitCount), pooled: shape.halved.makeStorage()))
      resolution /= 2
    }
    let all = groups.flatMap(\.layers)
    scratch = Storage(
      count: all.flatMap { [$0.forward.scratchCount, $0.backward.scratchCount] }.reduce(1, max))
    for shape in Set(all.flatMap { [$0.input, $0.output] }) {
      gradients[shape] = [shape.makeStorage(), shape.makeStorage()]
    }
    forward(target)
    for group in groups { group.shape.unitChannels(group.activations, to: group.target) }
  }

  private static func layer(_ layer: VGG16.Layer, side: Int) -> Layer {
    let weight = layer.weight.tensor
    let (outputs, inputs) = (weight.shape[0], weight.shape[1])
    let forward = TiledLayer(inputs: inputs, outputs: outputs, side: side, isUp: false)
    forward.pack(weight, style: nil)
    let backward = TiledLayer(inputs: outputs, outputs: inputs, side: side, isUp: false)
    backward.pack(Tensor.applying(KernelTransposition(flips: true), to: weight), style: nil)
    var epilogue = StyledEpilogue(
      filter: .none, block: 32, height: side, width: side,
      demodulation: Array(repeating: 1, count: forward.rounded),
      bias: Blocking.padded(layer.bias.tensor.values, block: 32))
    epilogue.slope = 0
    epilogue.gain = 1
    let output = TiledShape(channels: outputs, side: side)
    return Layer(
      input: TiledShape(channels: inputs, side: side), output: output, forward: forward,
      backward: backward, epilogue: epilogue, activations: output.makeStorage())
  }

  private func forward(_ picture: Tensor) {
    let normalized = LPIPSFeatures.normalized(picture)
    TiledShape(channels: 3, side: side).fill(
      input, from: normalized.reshaped([3, side, side]), style: nil, parts: 2)
    var x = input
    for (index, group) in groups.enumerated() {
      for layer in group.layers {
        layer.forward.run(
          x, parts: 2, epilogue: layer.epilogue, to: layer.activations, rgb: nil, scratch: scratch)
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
      var gradient = room(group.shape, besides: nil)
      distance += group.shape.lpipsBackward(
        activations: group.activations, target: group.target, weight: group.weight,
        pooled: behind, to: gradient)
      for (number, layer) in group.layers.enumerated().reversed() {
        let next = room(layer.input, besides: gradient)
        layer.backward.runMasked(
          gradient, by: number > 0 ? group.layers[number - 1].activations : nil, to: next,
          scratch: scratch)
        gradient = next
      }
      behind = gradient
      if index == 0 {
        let plain = TiledShape(channels: 3, side: side).plain(gradient)
        return (
          Float(distance), plain.reshaped([1, 3, side, side]) * LPIPSFeatures.invertedScale
        )
      }
    }
    preconditionFailure("a network without layers")
  }

  private func room(_ shape: TiledShape, besides used: Storage?) -> Storage {
    guard let pair = gradients[shape] else { preconditionFailure("no room for \(shape)") }
    return pair[0] === used ? pair[1] : pair[0]
  }
}
