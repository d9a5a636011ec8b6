import Glibc

/// The choices that make a StyleGAN3 synthesis network (StyleGAN3 paper, §3; numerics: layer
/// schedule). Defaults are those of configuration T.
package struct AliasFreeConfiguration: Hashable, Sendable, Codable {
  package var layerCount = 14
  /// Layers at the end that are critically sampled.
  package var criticalCount = 2
  package var firstCutoff = 2.0
  package var firstStopband = 4.287093850145173  // 2^2.1
  /// The last stopband relative to the Nyquist frequency.
  package var lastStopbandRelative = 1.2311444133449163  // 2^0.3
  /// Extra pixels around the picture in the layers before the last.
  package var margin = 10
  /// 3 in configuration T, 1 in R.
  package var kernel = 3
  /// Radially symmetric downsampling filters (configuration R).
  package var usesRadialFilters = false
  package var channelBase = 32768
  package var channelMax = 512
  package var outputScale: Float = 0.25
  /// Taps of a filter per factor of resampling.
  package var filterSize = 6
  /// How much finer than the layer's rate the nonlinearity is computed.
  package var upsampling = 2

  package init() {}

  /// One layer as the schedule has it.
  package struct Layer: Hashable, Sendable {
    package var index: Int
    package var inputs: Int
    package var outputs: Int
    package var isToRGB: Bool
    package var isCriticallySampled: Bool
    /// Pixels a side, margins included.
    package var inSize: Int
    package var outSize: Int
    package var inRate: Int
    package var outRate: Int
    package var inCutoff: Double
    package var outCutoff: Double
    package var inHalfWidth: Double
    package var outHalfWidth: Double
    package var kernel: Int
    package var up: Int
    package var down: Int
    /// 1 where there is no filter.
    package var upTaps: Int
    package var downTaps: Int
    package var padding: (before: Int, after: Int) { (paddingBefore, paddingAfter) }
    package var paddingBefore: Int
    package var paddingAfter: Int
    /// As the reference names it: `L3_52_512`.
    package var name: String { "L\(index)_\(outSize)_\(outputs)" }
    /// The rate the nonlinearity is computed at.
    package var temporaryRate: Int { inRate * up }
  }

  /// Cutoff and stopband of layer boundary `index`, in cycles per picture.
  private func band(_ index: Int, resolution: Int) -> (cutoff: Double, stopband: Double) {
    let exponent = min(Double(index) / Double(layerCount - criticalCount), 1)
    let last = Double(resolution) / 2
    let cutoff = firstCutoff * pow(last / firstCutoff, exponent)
    let stopband =
      firstStopband * pow(last * lastStopbandRelative / firstStopband, exponent)
    return (cutoff, stopband)
  }

  private struct Boundary {
    var cutoff: Double
    var rate: Int
    var halfWidth: Double
    var size: Int
    var channels: Int
  }

  private func boundaries(resolution: Int, imageChannels: Int) -> [Boundary] {
    (0...layerCount).map { index in
      let (cutoff, stopband) = band(index, resolution: resolution)
      let rate = Int(exp2(ceil(log2(min(stopband * 2, Double(resolution))))))
      let isLast = index >= layerCount - 1
      let wanted = min(Double(channelBase) / 2 / cutoff, Double(channelMax))
      return Boundary(
        cutoff: cutoff, rate: rate, halfWidth: max(stopband, Double(rate) / 2) - cutoff,
        size: isLast ? resolution : rate + margin * 2,
        channels: index == layerCount ? imageChannels : Int(wanted.rounded(.toNearestOrEven)))
    }
  }

  /// Channels, size, rate and bandwidth of the Fourier features.
  package func input(resolution: Int) -> (channels: Int, size: Int, rate: Int, bandwidth: Double) {
    let first = boundaries(resolution: resolution, imageChannels: 3)[0]
    return (first.channels, first.size, first.rate, first.cutoff)
  }

  /// All layers, the last one toRGB.
  package func layers(resolution: Int, imageChannels: Int) -> [Layer] {
    let edges = boundaries(resolution: resolution, imageChannels: imageChannels)
    return (0...layerCount).map { index in
      let from = edges[max(index - 1, 0)]
      let to = edges[index]
      let isToRGB = index == layerCount
      let rate = max(from.rate, to.rate) * (isToRGB ? 1 : upsampling)
      let (up, down) = (rate / from.rate, rate / to.rate)
      let upTaps = up > 1 && !isToRGB ? filterSize * up : 1
      let downTaps = down > 1 && !isToRGB ? filterSize * down : 1
      let size = isToRGB ? 1 : kernel
      let total =
        (to.size - 1) * down + 1 - (from.size + size - 1) * up + upTaps + downTaps - 2
      let before = Int(floor(Double(total + up) / 2))
      return Layer(
        index: index, inputs: from.channels, outputs: to.channels, isToRGB: isToRGB,
        isCriticallySampled: index >= layerCount - criticalCount, inSize: from.size,
        outSize: to.size, inRate: from.rate, outRate: to.rate, inCutoff: from.cutoff,
        outCutoff: to.cutoff, inHalfWidth: from.halfWidth, outHalfWidth: to.halfWidth,
        kernel: size, up: up, down: down, upTaps: upTaps, downTaps: downTaps,
        paddingBefore: before, paddingAfter: total - before)
    }
  }
}
