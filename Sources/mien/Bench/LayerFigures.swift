import Latents
import StyleGAN
import Tensors

/// One layer of a frame beside what the machine could do.
struct LayerFigures {
  let profile: LayerProfile
  /// Of the layer's input, weights and result, each once.
  let bytes: Int
  let flops: Double
  /// Of the convolution by its definition; an algorithm with fewer multiplications exceeds 1. On
  /// matrix tiles: of their peak, a product of float32 numbers counted as the three it takes.
  let shareOfPeak: Double

  init(
    _ profile: LayerProfile, in configuration: GeneratorConfiguration,
    _ precision: SynthesisPrecision, _ peak: MachinePeak
  ) {
    self.profile = profile
    flops = 2 * Double(profile.multiplyAdds) / profile.convolution.inSeconds
    let isTiled = profile.algorithm == "tiles"
    let reachable =
      isTiled ? peak.tileFlops / (precision == .full ? 3 : 1) : peak.flops
    shareOfPeak = reachable > 0 ? flops / reachable : .nan
    let side = profile.resolution
    let block = side.trailingZeroBitCount - 2
    let channels = configuration.blockChannels
    guard channels.indices.contains(block) else {
      bytes = profile.weightBytes
      return
    }
    // The first convolution of a block doubles the size of the one before; the first of all has a
    // constant of its own size.
    let isFirst = profile.name.hasSuffix("conv0")
    let inputs = isFirst && block > 0 ? channels[block - 1] : channels[block]
    let inputSide = isFirst ? side / 2 : side
    bytes =
      profile.weightBytes + 4 * (inputs * inputSide * inputSide + channels[block] * side * side)
  }

  var json: JSONDocument {
    .object([
      "name": .string(profile.name), "implementation": .string(profile.implementation),
      "algorithm": .string(profile.algorithm),
      "seconds": .figure(profile.convolution.inSeconds),
      "epilogueSeconds": .figure(profile.epilogue?.inSeconds ?? 0), "gflops": .figure(flops / 1e9),
      "shareOfPeak": .figure(shareOfPeak), "weightBytes": .number(profile.weightBytes),
      "bytes": .number(bytes),
    ])
  }

  static func table(_ layers: [LayerFigures]) -> String {
    var table = TextTable()
    table.append(
      ["layer", "conv ms", "rest ms", "GFLOP/s", "of peak", "MB moved", "implementation"])
    for layer in layers {
      table.append([
        layer.profile.name, fixed(layer.profile.convolution.inSeconds * 1e3, 2),
        fixed((layer.profile.epilogue?.inSeconds ?? 0) * 1e3, 2), fixed(layer.flops / 1e9, 0),
        fixed(layer.shareOfPeak * 100, 0) + " %", fixed(Double(layer.bytes) / 1e6, 1),
        layer.profile.implementation,
      ])
    }
    return table.text
  }
}

extension Duration {
  var inSeconds: Double { self / .seconds(1) }
}
