import NN
import Tensors

/// A synthesis layer prepared for forward and backward passes: activations in the fastest layout,
/// gradients blocked.
struct GradientLayer {
  private enum Forward {
    case tiled(TiledLayer)
    case blocked(GradientConvolution)
  }

  let row: Int
  let source: SynthesisLayer
  let inputs: BlockedShape
  let outputs: BlockedShape
  private let layout: ActivationLayout
  /// Of gradients.
  private let block: Int
  private let forward: Forward
  private let backward: GradientConvolution
  /// Σ over taps of W², [O, I].
  private let energy: Tensor
  private let bias: [Float]

  init(_ layer: SynthesisLayer, row: Int, layout: ActivationLayout) {
    self.row = row
    self.layout = layout
    let block = Blocking.preferred
    self.block = block
    source = layer
    let side = layer.isUp ? layer.resolution / 2 : layer.resolution
    let weight = layer.weight.tensor
    inputs = BlockedShape(channels: layer.inputs, block: block, height: side, width: side)
    outputs = BlockedShape(
      channels: layer.outputs, block: block, height: layer.resolution, width: layer.resolution)
    switch layout {
    case .tiled:
      let tiles = TiledLayer(
        inputs: layer.inputs, outputs: layer.outputs, side: side, isUp: layer.isUp)
      tiles.pack(weight, style: nil)
      forward = .tiled(tiles)
    case .blocked:
      forward = .blocked(
        GradientConvolution(
          layer.isUp ? .transposed : .plain, weight: weight, side: side, block: block))
    }
    backward = GradientConvolution(
      layer.isUp ? .strided : .plain,
      weight: Tensor.applying(KernelTransposition(flips: !layer.isUp), to: weight),
      side: layer.isUp ? layer.resolution + 1 : side, block: block)
    energy = Tensor.applying(TrailingSum(from: 2), to: weight.squared)
    bias = layer.bias.tensor.values
  }

  var isUp: Bool { source.isUp }

  /// Floats of the convolution's result, before any filter.
  var convolvedCount: Int {
    let side = source.resolution + (isUp ? 1 : 0)
    return outputs.channels * side * side
  }

  var scratchCount: Int {
    switch forward {
    case .tiled(let tiles): max(tiles.scratchCount, backward.scratchCount)
    case .blocked(let convolution): max(convolution.scratchCount, backward.scratchCount)
    }
  }

  /// affine(w), [I].
  func style(w: [Float]) -> [Float] {
    affine(
      source.affine.weight.tensor, w, bias: source.affine.bias.tensor,
      gain: source.affine.weightGain)
  }

  /// The gradient of w from that of the style: Aᵀ ds · gain.
  func wGradient(style gradient: Tensor) -> Tensor {
    Tensor.applying(
      MatrixProduct(transposesFirst: true), to: source.affine.weight.tensor,
      gradient.reshaped([gradient.count, 1])) * source.affine.weightGain
  }

  /// 1 / √(Σ s² W² + 1e-8), [O].
  private func demodulation(style: [Float]) -> [Float] {
    affine(energy, style.map { $0 * $0 }, bias: nil, gain: 1)
      .map { 1 / ($0 + 1e-8).squareRoot() }
  }

  /// The gradient of the style by way of demodulation: −s Σ_o dd d³ W².
  func styleGradient(style: [Float], demodulation gradient: [Float]) -> Tensor {
    let scaled = zip(demodulation(style: style), gradient).map { -$1 * $0 * $0 * $0 }
    let product = Tensor.applying(
      MatrixProduct(transposesFirst: true), to: energy,
      Tensor(scaled, shape: [scaled.count, 1]))
    return product.reshaped([style.count]) * Tensor(style, shape: [style.count])
  }

  /// Convolution and epilogue.
  /// - Parameters:
  ///   - epilogue: of the layout's blocks
  ///   - result: room for `convolvedCount` floats
  func run(
    _ x: Storage, epilogue: StyledEpilogue, to y: Storage, rgb: Storage?, result: Storage,
    scratch: Storage
  ) {
    switch forward {
    case .tiled(let tiles):
      tiles.run(x, parts: 2, epilogue: epilogue, to: y, rgb: rgb, scratch: scratch)
    case .blocked(let convolution):
      convolution.run(x, to: result, scratch: scratch)
      epilogue.run(result, to: y, rgb: rgb)
    }
  }

  /// What follows the convolution, without a picture.
  /// - Parameters:
  ///   - next: the next layer's style; nil behind the last
  ///   - block: channel vectors are padded to whole blocks
  func epilogue(
    style: [Float], noise: Tensor?, next: [Float]?, block: Int
  ) -> StyledEpilogue {
    let rounded = Blocking.rounded(source.outputs, block: block)
    var epilogue = StyledEpilogue(
      filter: isUp ? .blur : .none, block: block, height: source.resolution,
      width: source.resolution, demodulation: padded(demodulation(style: style), to: rounded),
      bias: padded(bias, to: rounded))
    let activation = source.activation()
    epilogue.slope = activation.slope
    epilogue.gain = activation.gain
    epilogue.clamp = activation.clamp
    if let noise { epilogue.noise = (noise, source.noiseStrength.tensor.scalar) }
    epilogue.style = next.map { padded($0, to: rounded) }
    return epilogue
  }

  /// From the gradient of the filtered convolution's result in `gradients[0]` to that of the
  /// input, there too.
  func propagate(_ gradients: inout [Storage], scratch: Storage) {
    if isUp {
      blurBackward(
        gradients[0], to: gradients[1], channels: outputs.channels, block: block,
        side: source.resolution)
      gradients.swapAt(0, 1)
    }
    backward.run(gradients[0], to: gradients[1], scratch: scratch)
    gradients.swapAt(0, 1)
  }
}
