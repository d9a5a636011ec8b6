import NN
import Tensors

/// A synthesis layer prepared for one picture at a time: weights packed in blocked form, the
/// demodulation's energies summed, channel vectors padded to whole blocks.
struct FusedLayer {
  let name: String
  let row: Int
  let resolution: Int
  let isUp: Bool
  let inputs: Int
  /// Output channels, and the same rounded up to whole blocks.
  let outputs: Int
  let rounded: Int
  let convolution: BlockedConvolution
  private let source: SynthesisLayer
  /// Σ over taps of W², [O, I]: all that demodulation needs of the weights.
  private let energy: Tensor
  private let bias: [Float]

  init(_ layer: SynthesisLayer, name: String, row: Int, block: Int) {
    self.name = name
    self.row = row
    source = layer
    resolution = layer.resolution
    isUp = layer.isUp
    inputs = layer.inputs
    outputs = layer.outputs
    rounded = Blocking.rounded(layer.outputs, block: block)
    energy = Tensor.applying(TrailingSum(from: 2), to: layer.weight.tensor.squared)
    bias = padded(layer.bias.tensor.values, to: rounded)
    convolution = Self.convolution(of: layer, block: block)
  }

  /// Winograd where its fewer multiplications outweigh its transforms and its four times larger
  /// weights, direct elsewhere. From 128² on (64² for doubling layers) ours is faster, because the
  /// transformed picture stays in cache; below, weights dominate and oneDNN uses them better.
  private static func convolution(of layer: SynthesisLayer, block: Int) -> BlockedConvolution {
    let side = layer.isUp ? layer.resolution / 2 : layer.resolution
    let isWide = min(layer.inputs, layer.outputs) >= 32
    let preferences: [BlockedConvolution.Algorithm] =
      if layer.isUp {
        side >= 64 && isWide ? [.cachedWinograd, .direct] : [.direct]
      } else if side >= 128 {
        [.cachedWinograd, .winograd, .direct]
      } else {
        side >= 32 && isWide ? [.winograd, .direct] : [.direct]
      }
    for algorithm in preferences {
      if let convolution = BlockedConvolution(
        kind: layer.isUp ? .transposed : .plain, algorithm: algorithm,
        weight: layer.weight.tensor, height: side, width: side, block: block)
      {
        return convolution
      }
    }
    preconditionFailure("oneDNN has no convolution for \(layer.weight.shape) at \(side)²")
  }

  /// The layer's style, [I]: affine(w).
  func style(w: [Float]) -> [Float] {
    affine(
      source.affine.weight.tensor, w, bias: source.affine.bias.tensor,
      gain: source.affine.weightGain)
  }

  /// What follows the convolution, without the next layer's style and without a picture.
  func epilogue(style: [Float], noise: NoiseInputs, block: Int) -> StyledEpilogue {
    var epilogue = StyledEpilogue(
      filter: isUp ? .blur : .none, channels: rounded, block: block, height: resolution,
      width: resolution)
    let squares = affine(energy, style.map { $0 * $0 }, bias: nil, gain: 1)
    epilogue.demodulation = padded(squares.map { 1 / ($0 + 1e-8).squareRoot() }, to: rounded)
    epilogue.bias = bias
    let activation = source.activation()
    epilogue.slope = activation.slope
    epilogue.gain = activation.gain
    epilogue.clamp = activation.clamp
    let strength = source.noiseStrength.tensor.values[0]
    if strength != 0, let map = noise.map(layer: row, stored: source.noiseConst) {
      epilogue.noise = (map, strength)
    }
    return epilogue
  }

  /// Multiply-adds of the convolution.
  var multiplyAdds: Int {
    let side = isUp ? resolution / 2 : resolution
    return 9 * inputs * outputs * side * side
  }

  /// Floats of the convolution's blocked result.
  var resultCount: Int {
    let side = isUp ? resolution + 1 : resolution
    return rounded * side * side
  }
}

/// The values followed by zeros up to `count`.
func padded(_ values: [Float], to count: Int) -> [Float] {
  values + Array(repeating: 0, count: count - values.count)
}
