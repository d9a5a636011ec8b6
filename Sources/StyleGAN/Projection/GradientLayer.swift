import NN
import Tensors

/// A synthesis layer prepared for forward and backward passes.
struct GradientLayer {
  /// What carries the convolutions out. Backward is that of the result's gradient with the kernel
  /// turned round: strided where the layer doubles.
  enum Kernel {
    case tiled(forward: TiledLayer, backward: TiledLayer)
    case blocked(forward: GradientConvolution, backward: GradientConvolution)
  }

  let row: Int
  let source: SynthesisLayer
  let kernel: Kernel
  /// Channel vectors are padded to whole blocks of the layout.
  private let block: Int
  /// Σ over taps of W², [O, I].
  private let energy: Tensor
  private let bias: [Float]

  init(_ layer: SynthesisLayer, row: Int, layout: ActivationLayout) {
    self.row = row
    source = layer
    block = layout.block
    let side = layer.isUp ? layer.resolution / 2 : layer.resolution
    let weight = layer.weight.tensor
    let turned = Tensor.applying(KernelTransposition(flips: !layer.isUp), to: weight)
    switch layout {
    case .tiled:
      let forward = TiledLayer(
        inputs: layer.inputs, outputs: layer.outputs, side: side, isUp: layer.isUp)
      let backward =
        layer.isUp
        ? TiledLayer(strided: layer.outputs, outputs: layer.inputs, side: side)
        : TiledLayer(inputs: layer.outputs, outputs: layer.inputs, side: side, isUp: false)
      forward.pack(weight, style: nil)
      backward.pack(turned, style: nil)
      kernel = .tiled(forward: forward, backward: backward)
    case .blocked(let block):
      kernel = .blocked(
        forward: GradientConvolution(
          layer.isUp ? .transposed : .plain, weight: weight, side: side, block: block),
        backward: GradientConvolution(
          layer.isUp ? .strided : .plain, weight: turned,
          side: layer.isUp ? layer.resolution + 1 : side, block: block))
    }
    energy = Tensor.applying(TrailingSum(from: 2), to: weight.squared)
    bias = layer.bias.tensor.values
  }

  var isUp: Bool { source.isUp }

  /// Pixels a side of the input.
  var side: Int { isUp ? source.resolution / 2 : source.resolution }

  /// Floats of the convolution's result, before any filter.
  var convolvedCount: Int {
    let side = source.resolution + (isUp ? 1 : 0)
    return Blocking.rounded(source.outputs, block: block) * side * side
  }

  var scratchCount: Int {
    switch kernel {
    case .tiled(let forward, let backward): max(forward.scratchCount, backward.scratchCount)
    case .blocked(let forward, let backward): max(forward.scratchCount, backward.scratchCount)
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
  /// - Parameter result: room for `convolvedCount` floats
  func run(
    _ x: Storage, epilogue: StyledEpilogue, to y: Storage, rgb: Storage?, result: Storage,
    scratch: Storage
  ) {
    switch kernel {
    case .tiled(let forward, _):
      forward.run(x, parts: 2, epilogue: epilogue, to: y, rgb: rgb, scratch: scratch)
    case .blocked(let forward, _):
      forward.run(x, to: result, scratch: scratch)
      epilogue.run(result, to: y, rgb: rgb)
    }
  }

  /// What follows the convolution, without a picture.
  /// - Parameter next: the next layer's style; nil behind the last
  func epilogue(style: [Float], noise: Tensor?, next: [Float]?) -> StyledEpilogue {
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
}
