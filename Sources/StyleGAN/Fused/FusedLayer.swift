import NN
import Tensors

/// A synthesis layer prepared for one picture at a time: weights packed, the demodulation's energies
/// summed, channel vectors padded to whole blocks, and what follows from the layer's row of ws kept
/// until that row changes.
final class FusedLayer {
  /// What carries the layer out.
  enum Kernel {
    /// On blocked float32 activations, the epilogue as a pass of its own.
    case blocked(BlockedConvolution)
    /// On matrix tiles, in strips that the epilogue finishes.
    case tiled(TiledLayer)
  }

  let name: String
  let row: Int
  let resolution: Int
  let isUp: Bool
  let inputs: Int
  let outputs: Int
  /// Output channels rounded up to whole blocks.
  let rounded: Int
  /// Weights are packed when the layer first runs.
  private(set) lazy var kernel = makeKernel()
  /// How the plan has the layer carried out; nil where it does not know.
  var choice: LayerChoice? { didSet { if choice != oldValue { adoptChoice() } } }
  private let source: SynthesisLayer
  private let layout: ActivationLayout
  /// Σ over taps of W², [O, I]: all that demodulation needs of the weights.
  private lazy var energy = Tensor.applying(
    TrailingSum(from: 2), to: source.weight.tensor.squared)
  private let bias: [Float]
  private let noiseStrength: Float
  private var w: [Float] = []
  private var style: [Float] = []
  /// Of the style; nil until asked for.
  private var demodulation: [Float]?
  private var hasFoldedStyle = false

  init(_ layer: SynthesisLayer, name: String, row: Int, layout: ActivationLayout) {
    self.name = name
    self.row = row
    self.layout = layout
    source = layer
    resolution = layer.resolution
    isUp = layer.isUp
    inputs = layer.inputs
    outputs = layer.outputs
    rounded = Blocking.rounded(layer.outputs, block: layout.block)
    bias = padded(layer.bias.tensor.values, to: rounded)
    noiseStrength = layer.noiseStrength.tensor.values[0]
  }

  private func makeKernel() -> Kernel {
    hasKernel = true
    switch layout {
    case .blocked(let block): return .blocked(convolution(block: block))
    case .tiled:
      let tiles = TiledLayer(inputs: inputs, outputs: outputs, side: side, isUp: isUp)
      if case .rows(let rows) = choice { tiles.rows = rows }
      if !isFolded { tiles.pack(source.weight.tensor, style: nil) }
      return .tiled(tiles)
    }
  }

  /// Whether the style is folded into the weights rather than carried by the activations. Folding
  /// costs a pass over the weights whenever the style changes: it must not show beside the layer.
  var isFolded: Bool { layout == .tiled && inputs * outputs <= 32768 }

  private var hasKernel = false

  private func adoptChoice() {
    guard hasKernel else { return }
    if case .tiled(let tiles) = kernel, case .rows(let rows) = choice {
      tiles.rows = rows
    } else {
      kernel = makeKernel()
    }
  }

  /// Winograd where its fewer multiplications outweigh its transforms and its four times larger
  /// weights, direct elsewhere. From 128² on (64² for doubling layers) ours is faster, because the
  /// transformed picture stays in cache; below, weights dominate and oneDNN uses them better.
  private func convolution(block: Int) -> BlockedConvolution {
    let isWide = min(inputs, outputs) >= 32
    var preferences: [BlockedConvolution.Algorithm] =
      if isUp {
        side >= 64 && isWide ? [.cachedWinograd, .direct] : [.direct]
      } else if side >= 128 {
        [.cachedWinograd, .winograd, .direct]
      } else {
        side >= 32 && isWide ? [.winograd, .direct] : [.direct]
      }
    if case .algorithm(let algorithm) = choice { preferences.insert(algorithm, at: 0) }
    for algorithm in preferences {
      if let convolution = BlockedConvolution(
        kind: isUp ? .transposed : .plain, algorithm: algorithm, weight: source.weight.tensor,
        height: side, width: side, block: block)
      {
        return convolution
      }
    }
    preconditionFailure("oneDNN has no convolution for \(source.weight.shape) at \(side)²")
  }

  /// Takes the layer's row of ws.
  func set(w: [Float]) {
    guard w != self.w else { return }
    self.w = w
    style = affine(
      source.affine.weight.tensor, w, bias: source.affine.bias.tensor,
      gain: source.affine.weightGain)
    demodulation = nil
    hasFoldedStyle = false
  }

  /// The style that the activations going into the layer carry; nil for none.
  var activationStyle: [Float]? { isFolded ? nil : style }

  /// What follows the convolution, without the next layer's style and without a picture; for the
  /// w that was set.
  func epilogue(noise: NoiseInputs) -> StyledEpilogue {
    let demodulation = self.demodulation ?? makeDemodulation()
    self.demodulation = demodulation
    var epilogue = StyledEpilogue(
      filter: isUp ? .blur : .none, block: layout.block, height: resolution, width: resolution,
      demodulation: demodulation, bias: bias)
    let activation = source.activation()
    epilogue.slope = activation.slope
    epilogue.gain = activation.gain
    epilogue.clamp = activation.clamp
    if noiseStrength != 0, let map = noise.map(layer: row, stored: source.noiseConst) {
      epilogue.noise = (map, noiseStrength)
    }
    return epilogue
  }

  private func makeDemodulation() -> [Float] {
    let squares = affine(energy, style.map { $0 * $0 }, bias: nil, gain: 1)
    return padded(squares.map { 1 / ($0 + 1e-8).squareRoot() }, to: rounded)
  }

  /// Convolution and epilogue.
  /// - Parameters:
  ///   - input: in the layer's layout
  ///   - target: what goes into the next layer; nil where only the picture is wanted
  ///   - result: room for `resultCount` floats
  ///   - scratch: room for `scratchCount` floats
  /// - Returns: when the convolution ended; nil where the two are one.
  func run(
    _ input: Storage, precision: SynthesisPrecision, epilogue: StyledEpilogue, to target: Storage?,
    rgb: Storage?, result: Storage, scratch: Storage
  ) -> ContinuousClock.Instant? {
    switch kernel {
    case .blocked(let convolution):
      // A plain convolution's result is finished in place.
      let result = isUp ? result : target ?? result
      convolution.run(input, to: result, scratch: scratch)
      let convolved = ContinuousClock.now
      epilogue.run(result, to: target, rgb: rgb)
      return convolved
    case .tiled(let tiles):
      if isFolded && !hasFoldedStyle {
        tiles.pack(source.weight.tensor, style: style)
        hasFoldedStyle = true
      }
      tiles.run(
        input, parts: precision.parts, epilogue: epilogue, to: target, rgb: rgb, scratch: scratch)
      return nil
    }
  }

  /// Pixels a side of the input.
  var side: Int { isUp ? resolution / 2 : resolution }

  var shape: LayerShape {
    LayerShape(inputs: inputs, outputs: outputs, side: side, isUp: isUp, layout: layout)
  }

  /// Multiply-adds of the convolution.
  var multiplyAdds: Int { 9 * inputs * outputs * side * side }

  /// Floats of working memory.
  var scratchCount: Int {
    switch kernel {
    case .blocked(let convolution): convolution.scratchCount
    case .tiled(let tiles): tiles.scratchCount
    }
  }

  /// Floats of the convolution's blocked result, 0 where it never leaves the strips.
  var resultCount: Int {
    guard case .blocked = kernel else { return 0 }
    let side = isUp ? resolution + 1 : resolution
    return rounded * side * side
  }
}

/// The values followed by zeros up to `count`.
func padded(_ values: [Float], to count: Int) -> [Float] {
  values + Array(repeating: 0, count: count - values.count)
}
