import NN
import Synchronization
import Tensors

/// The fast path of `SynthesisNetwork` for one picture at a time, skip and orig architectures:
/// blocked activations from the first layer to the last, packed weights, one pass over memory
/// behind each convolution. Tested equal to the network's definition.
///
/// Layers are packed when first used, so that a small preview of a large network comes at once.
final class FusedSynthesis: Sendable {
  /// Time and kind of one layer of one frame.
  struct LayerTiming {
    var layer: FusedLayer
    var convolution: Duration
    var epilogue: Duration
  }

  private let network: SynthesisNetwork
  private let configuration: GeneratorConfiguration
  private let block = Blocking.preferred
  /// Packed layers and working memory; a frame holds the lock, so frames come one after another.
  private let state = Mutex(State())

  private struct State: ~Copyable {
    var layers: [Int: FusedLayer] = [:]
    var noise: NoiseInputs?
    /// Activations and convolution results take turns in these two.
    var activations: [Storage] = []
    var scratch = Storage(count: 1)
    /// The pictures of even and odd blocks.
    var pictures: [Storage] = []
  }

  /// - Parameter network: loaded.
  init(_ network: SynthesisNetwork, _ configuration: GeneratorConfiguration) {
    precondition(configuration.architecture != .resnet, "residual blocks have no fused path")
    self.network = network
    self.configuration = configuration
  }

  /// The picture [C, r, r], or nil where `isCancelled` said true between two layers.
  func callAsFunction(
    ws: Tensor, noise: NoiseMode, upTo: Int, isCancelled: () -> Bool,
    observe: ((LayerTiming) -> Void)? = nil
  ) -> Tensor? {
    let rows = ws.values
    let wDim = configuration.wDim
    func w(_ row: Int) -> [Float] { Array(rows[row * wDim..<(row + 1) * wDim]) }

    return state.withLock { state in
      let blocks = network.blocks.filter { $0.resolution <= upTo }
      let layers = prepare(blocks, &state)
      reserve(layers, upTo: upTo, &state)
      if state.noise?.mode != noise {
        let resolutions = network.blocks.flatMap {
          Array(repeating: $0.resolution, count: $0.conv0 == nil ? 1 : 2)
        }
        state.noise = NoiseInputs(noise, resolutions: resolutions)
      }
      guard let noiseInputs = state.noise, let constant = blocks[0].constant else {
        preconditionFailure("a network without its first block")
      }

      var style = layers[0].style(w: w(layers[0].row))
      var current = 0
      blockScaled(
        constant.tensor, style: style, channels: layers[0].inputs, block: block,
        to: state.activations[current])
      var picture: Int?
      let clock = ContinuousClock()
      for (index, layer) in layers.enumerated() {
        if isCancelled() { return nil }
        let started = clock.now
        layer.convolution.run(
          state.activations[current], to: state.activations[1 - current], scratch: state.scratch)
        let convolved = clock.now
        var epilogue = layer.epilogue(style: style, noise: noiseInputs, block: block)
        let next = index + 1 < layers.count ? layers[index + 1] : nil
        if let next {
          style = next.style(w: w(next.row))
          epilogue.style = padded(style, to: layer.rounded)
        }
        let home = blocks[layer.resolution.trailingZeroBitCount - 2]
        let toRGB = layer.isUp ? nil : home.toRGB
        let image = toRGB.map { _ in 1 - (picture ?? 1) }
        if let toRGB { addPicture(toRGB, w(home.toRGBRow), to: &epilogue) }
        // A plain convolution's result is finished in place; a transposed one's shrinks into the
        // other buffer, whose activations the convolution has consumed.
        let target = layer.isUp ? current : 1 - current
        epilogue.run(
          state.activations[1 - current], to: next == nil ? nil : state.activations[target],
          rgb: image.map { state.pictures[$0] })
        current = target
        if let toRGB, let image {
          skipAdd(
            state.pictures[image], previous: picture.map { state.pictures[$0] },
            bias: toRGB.bias.tensor.values, clamp: toRGB.clamp ?? .infinity,
            side: layer.resolution)
          picture = image
        }
        observe?(
          LayerTiming(
            layer: layer, convolution: convolved - started, epilogue: clock.now - convolved))
      }
      return picture.map { copyPicture(state.pictures[$0], side: upTo) }
    }
  }

  /// Packs the layers of these blocks that have not been packed yet.
  private func prepare(_ blocks: [SynthesisBlock], _ state: inout State) -> [FusedLayer] {
    var result: [FusedLayer] = []
    for home in blocks {
      let parts = [(home.conv0, "conv0", home.conv0Row), (home.conv1, "conv1", home.conv1Row)]
      for case (let layer?, let name, let row) in parts {
        let fused =
          state.layers[row]
          ?? FusedLayer(layer, name: "b\(home.resolution).\(name)", row: row, block: block)
        state.layers[row] = fused
        result.append(fused)
      }
    }
    return result
  }

  /// Grows the working memory to what these layers need.
  private func reserve(_ layers: [FusedLayer], upTo: Int, _ state: inout State) {
    let first = Blocking.rounded(layers[0].inputs, block: block) * 16
    let activations = layers.map(\.resultCount).reduce(first, max)
    if state.activations.first.map({ $0.count < activations }) ?? true {
      state.activations = []
      state.activations = [Storage(count: activations), Storage(count: activations)]
    }
    let scratch = layers.map(\.convolution.scratchCount).reduce(1, max)
    if state.scratch.count < scratch { state.scratch = Storage(count: scratch) }
    let picture = configuration.imageChannels * upTo * upTo
    if state.pictures.first.map({ $0.count < picture }) ?? true {
      state.pictures = [Storage(count: picture), Storage(count: picture)]
    }
  }

  /// The toRGB weight times its style, [C, rounded I].
  private func addPicture(_ toRGB: ToRGBLayer, _ w: [Float], to epilogue: inout StyledEpilogue) {
    let style = affine(
      toRGB.affine.weight.tensor, w, bias: toRGB.affine.bias.tensor,
      gain: toRGB.affine.weightGain)
    let weight = toRGB.weight.tensor.values
    let inputs = toRGB.inputs
    epilogue.rgbChannels = configuration.imageChannels
    epilogue.rgbWeight = (0..<configuration.imageChannels).flatMap { channel in
      padded(
        (0..<inputs).map { weight[channel * inputs + $0] * style[$0] * toRGB.styleGain },
        to: epilogue.channels)
    }
  }

  private func copyPicture(_ picture: Storage, side: Int) -> Tensor {
    let shape: Shape = [configuration.imageChannels, side, side]
    return unsafe Tensor(shape: shape) { out in
      unsafe picture.withUnsafePointer { picture in
        unsafe _ = out.initialize(
          from: UnsafeBufferPointer(start: picture, count: shape.count))
      }
    }
  }
}
