import ArgumentParser
import FoundationEssentials
import StyleGAN
import Tensors

/// `mien bench`: how fast a full frame is, by layer and in total.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure speed, by layer and in total.",
    discussion: """
      Times are best and median of several runs in one sitting; an absolute time means little on \
      a shared machine, a ratio to something timed beside it does.
      """)

  enum Subject: String, ExpressibleByArgument, CaseIterable { case frame, preview }

  @Argument(help: "What to measure: frame (full size) or preview (every size).")
  var subject: Subject = .frame

  @Option(help: "Pixels a side of an untrained network to measure.")
  var resolution = 256

  @Option(help: "Channels of a block are min(base / resolution, max).")
  var channelBase = 32768

  @Option(help: "See --channel-base.")
  var channelMax = 512

  @Option(help: "Frames to time, after two to warm up.")
  var runs = 6

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard resolution >= 4, resolution <= 2048, resolution.nonzeroBitCount == 1 else {
      throw ValidationError("--resolution is \(resolution); it must be a power of two, 4 to 2048")
    }
    guard channelBase >= resolution, channelMax >= 1, runs >= 1 else {
      throw ValidationError("--channel-base must be at least --resolution; --runs at least 1")
    }
  }

  func run() throws {
    var configuration = GeneratorConfiguration(
      resolution: resolution, zDim: 512, wDim: 512, mappingLayers: 8,
      blockChannels: GeneratorConfiguration.channels(
        resolution: resolution, base: channelBase, max: channelMax))
    configuration.convClamp = 256
    let generator = Generator(untrained: configuration, seed: 0)
    var state = NumPyRandomState(seed: 1)
    let ws = Tensor(
      state.standardNormal(configuration.numWs * configuration.wDim),
      shape: [configuration.numWs, configuration.wDim])
    let sizes = subject == .frame ? [resolution] : configuration.blockResolutions
    let results = sizes.map { size in
      FrameTiming(size: size, generator: generator, ws: ws, runs: runs)
    }
    print(json ? report(results).json : text(results), terminator: json ? "\n" : "")
  }

  private func report(_ results: [FrameTiming]) -> BenchReport {
    let engine = EngineDescription.current
    return BenchReport(
      resolution: resolution, channelBase: channelBase, channelMax: channelMax,
      engine: .init(
        oneDNN: engine.libraryVersion, instructions: engine.instructionSet,
        threads: engine.threads),
      f32: .init(min: results.last?.minimum ?? 0, median: results.last?.median ?? 0),
      previews: Dictionary(
        uniqueKeysWithValues: results.map {
          (String($0.size), .init(min: $0.minimum, median: $0.median))
        }),
      layers: results.last?.layers.map(BenchReport.Layer.init) ?? [])
  }

  private func text(_ results: [FrameTiming]) -> String {
    let engine = EngineDescription.current
    var lines = [
      "oneDNN \(engine.libraryVersion), \(engine.instructionSet), \(engine.threads) threads",
      "untrained StyleGAN2 \(resolution)², channel base \(channelBase), at most \(channelMax), "
        + "float32, batch 1",
      "",
    ]
    if let frame = results.last {
      lines.append(
        column("layer", 14) + column("ms", 9, right: true) + column("epilogue", 10, right: true)
          + column("GFLOP/s", 10, right: true) + column("weights", 10, right: true)
          + "  implementation")
      for layer in frame.layers {
        let seconds = layer.convolution.seconds
        lines.append(
          column(layer.name, 14) + column(fixed(seconds * 1e3, 2), 9, right: true)
            + column(fixed((layer.epilogue?.seconds ?? 0) * 1e3, 2), 10, right: true)
            + column(
              fixed(2 * Double(layer.multiplyAdds) / seconds / 1e9, 0), 10, right: true)
            + column("\(layer.weightBytes / 1_048_576) MB", 10, right: true)
            + "  \(layer.implementation)")
      }
      lines.append("")
    }
    for result in results {
      lines.append(
        "\(result.size)²  min \(fixed(result.minimum * 1e3, 1)) ms  "
          + "median \(fixed(result.median * 1e3, 1)) ms")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}

/// Repeated frames of one size.
private struct FrameTiming {
  var size: Int
  var minimum: Double
  var median: Double
  /// Of the fastest frame.
  var layers: [LayerProfile] = []

  init(size: Int, generator: Generator, ws: Tensor, runs: Int) {
    self.size = size
    var times: [Double] = []
    let clock = ContinuousClock()
    // Two latents in turn: what a frame shares with the one before is not computed again.
    let other = ws * -1
    for run in 0..<runs + 2 {
      var profile: [LayerProfile] = []
      let time = clock.measure {
        profile = generator.profile(
          ws: run.isMultiple(of: 2) ? ws : other, noise: .const, upTo: size) ?? []
      }.seconds
      guard run >= 2 else { continue }
      if time < times.min() ?? .infinity { layers = profile }
      times.append(time)
    }
    times.sort()
    minimum = times[0]
    median = times[times.count / 2]
  }
}

/// What `--json` prints.
private struct BenchReport: Encodable {
  struct Seconds: Encodable { var min: Double; var median: Double }
  struct Engine: Encodable { var oneDNN: String; var instructions: String; var threads: Int }
  struct Layer: Encodable {
    var name: String
    var implementation: String
    var algorithm: String
    var seconds: Double
    var epilogueSeconds: Double
    var gflops: Double
    var weightBytes: Int

    init(_ profile: LayerProfile) {
      name = profile.name
      implementation = profile.implementation
      algorithm = profile.algorithm
      seconds = profile.convolution.seconds
      epilogueSeconds = profile.epilogue?.seconds ?? 0
      gflops = 2 * Double(profile.multiplyAdds) / profile.convolution.seconds / 1e9
      weightBytes = profile.weightBytes
    }
  }
  var resolution: Int
  var channelBase: Int
  var channelMax: Int
  var engine: Engine
  var f32: Seconds
  var previews: [String: Seconds]
  var layers: [Layer]

  var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("a report of plain numbers always encodes")
    }
    return String(decoding: data, as: UTF8.self)
  }
}

extension Duration {
  fileprivate var seconds: Double { self / .seconds(1) }
}

/// A number with a fixed count of decimals.
private func fixed(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite else { return "–" }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let scaled = Int((abs(value) * scale).rounded())
  let whole = "\(scaled / Int(scale))"
  let sign = value < 0 && scaled > 0 ? "-" : ""
  guard decimals > 0 else { return sign + whole }
  let fraction = String(scaled % Int(scale))
  return sign + whole + "." + String(repeating: "0", count: decimals - fraction.count) + fraction
}

private func column(_ text: String, _ width: Int, right: Bool = false) -> String {
  let padding = String(repeating: " ", count: max(0, width - text.count))
  return right ? padding + text : text + padding
}
