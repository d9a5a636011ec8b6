import Latents
import StyleGAN
import Tensors

/// Frames of one size and precision, timed; with the layers of the fastest.
struct FrameTiming {
  let size: Int
  let timing: Timing
  let layers: [LayerProfile]

  /// Frames of constantly moving rows: nothing kept from the one before helps.
  init(_ network: BenchNetwork, size: Int, precision: SynthesisPrecision, runs: Int) {
    var seconds: [Double] = []
    var layers: [LayerProfile] = []
    for run in 0..<runs + 2 {
      let ws = network.ws(movedFrom: 0, step: run)
      let time = Timing.seconds { network.make(ws, upTo: size, precision) }
      if run >= 2 { seconds.append(time) }
    }
    // The clock's reading around every layer costs little, but not nothing: frames of their own.
    var best = Double.infinity
    for run in 0..<min(4, runs) {
      let ws = network.ws(movedFrom: 0, step: run + 1000)
      var profile: [LayerProfile] = []
      let time = Timing.seconds {
        profile =
          network.generator.profile(ws: ws, noise: .const, upTo: size, precision: precision) ?? []
      }
      if time < best { (best, layers) = (time, profile) }
    }
    self.size = size
    timing = Timing(seconds)
    self.layers = layers
  }
}

extension BenchNetwork {
  func make(_ ws: Tensor, upTo size: Int? = nil, _ precision: SynthesisPrecision) {
    _ = generator.synthesize(
      ws: ws, noise: .const, upTo: size, precision: precision, isCancelled: { false })
  }

  /// Sizes at which a picture is to be had, those worth looking at.
  var previewSizes: [Int] {
    let sizes = configuration.previewResolutions
    return sizes.filter { $0 >= min(32, configuration.resolution) }
  }
}

extension BenchReport {
  /// The whole frame in each precision, and each layer of it beside what the machine could do.
  mutating func measureFrame(
    _ network: BenchNetwork, _ precisions: [SynthesisPrecision], runs: Int
  ) {
    let peak = MachinePeak.measure()
    add("machine", .object([
      "flops": .figure(peak.flops), "tileFlops": .figure(peak.tileFlops),
      "bandwidth": .figure(peak.bandwidth),
    ]))
    let tiles =
      peak.tileFlops > 0 ? ", \(fixed(peak.tileFlops / 1e9, 0)) GFLOP/s (bfloat16 tiles)" : ""
    say(
      "this machine reaches \(fixed(peak.flops / 1e9, 0)) GFLOP/s (float32)\(tiles) and "
        + "\(fixed(peak.bandwidth / 1e9, 1)) GB/s\n")
    for precision in precisions {
      let frame = FrameTiming(
        network, size: network.configuration.resolution, precision: precision, runs: runs)
      let layers = frame.layers.map { LayerFigures($0, in: network.configuration, precision, peak) }
      add(precision == .full ? "layers" : "draftLayers", .array(layers.map(\.json)))
      if !layers.isEmpty { say(lines: LayerFigures.table(layers) + "\n") }
      add(precision.key, .timing(frame.timing))
      say("full frame, \(precision.words): \(frame.timing.words)")
    }
  }

  /// Each size at which the network has a picture.
  mutating func measurePreviews(
    _ network: BenchNetwork, _ precisions: [SynthesisPrecision], runs: Int
  ) {
    for precision in precisions {
      var sizes = JSONMembers()
      for size in network.previewSizes {
        let frame = FrameTiming(network, size: size, precision: precision, runs: runs)
        sizes[String(size)] = .timing(frame.timing)
        say("\(size)², \(precision.words): \(frame.timing.words)")
        if size == network.configuration.resolution { add(precision.key, .timing(frame.timing)) }
      }
      add(precision == .full ? "previews" : "drafts", .object(sizes))
    }
  }

  /// Full frames of which only the rows from one on changed.
  mutating func measureEdits(
    _ network: BenchNetwork, _ precisions: [SynthesisPrecision], runs: Int
  ) {
    for precision in precisions {
      var rows = JSONMembers()
      for row in 0..<network.configuration.numWs {
        var step = 0
        let timing = Timing(runs: runs) {
          step += 1
          network.make(network.ws(movedFrom: row, step: step), precision)
        }
        rows[String(row)] = .timing(timing)
        say("rows \(row)–\(network.configuration.numWs - 1) changed, \(precision.words): \(timing.words)")
      }
      add(precision == .full ? "edits" : "draftEdits", .object(rows))
    }
  }

  /// z → w, alone and many at once.
  mutating func measureMapping(_ network: BenchNetwork, runs: Int) {
    let configuration = network.configuration
    var members = JSONMembers()
    for count in [1, 64] {
      var state = NumPyRandomState(seed: 3)
      let z = Tensor(
        state.standardNormal(count * configuration.zDim), shape: [count, configuration.zDim])
      let classes = configuration.cDim > 0 ? Array(repeating: 0, count: count) : nil
      let timing = Timing(runs: max(runs, 10)) {
        _ = network.generator.map(z: z, classIndices: classes)
      }
      members[String(count)] = .timing(timing)
      say("mapping of \(count): \(timing.words)")
    }
    add("mapping", .object(members))
  }

  /// Memory at its highest while full frames are made, and how it grows with their number.
  mutating func measureMemory(
    _ network: BenchNetwork, _ precisions: [SynthesisPrecision], frames: Int
  ) {
    for precision in precisions {
      for step in 0..<min(frames, 10) {
        network.make(network.ws(movedFrom: 0, step: step), precision)
      }
    }
    let before = ProcessFigures.own
    for step in 0..<frames {
      network.make(
        network.ws(movedFrom: step % network.configuration.numWs, step: step),
        precisions[step % precisions.count])
    }
    let after = ProcessFigures.own
    let growth = after.residentBytes - before.residentBytes
    add(
      "memory",
      .object([
        "peak": .number(after.peakBytes), "resident": .number(after.residentBytes),
        "frames": .number(frames), "growth": .number(growth),
      ]))
    say(
      "memory: at most \(megabytes(after.peakBytes)), now \(megabytes(after.residentBytes)); "
        + "\(frames) frames changed it by \(fixed(Double(growth) / 1e6, 2)) MB")
  }
}

extension SynthesisPrecision {
  var key: String { self == .full ? "f32" : "bf16" }
  var words: String { self == .full ? "float32" : "bfloat16" }
}
