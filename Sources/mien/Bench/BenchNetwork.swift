import ArgumentParser
import Checkpoints
import Files
import FoundationEssentials
import Latents
import StyleGAN
import Tensors

/// Which network is measured.
struct BenchNetworkOptions: ParsableArguments {
  @Option(
    name: .customLong("model"),
    help: ArgumentHelp(
      "Measure this model: 'studio', an imported one's name, or a checkpoint file. (default: an untrained network; for what happens in the editor, studio)",
      valueName: "model"))
  var model: String?

  @Option(help: "Pixels a side of an untrained network to measure. (default: 256)")
  var resolution: Int?

  @Option(help: "Channels of a block are min(base / resolution, max). (default: 32768)")
  var channelBase: Int?

  @Option(help: "See --channel-base. (default: 512)")
  var channelMax: Int?

  mutating func validate() throws {
    if model != nil, asksForUntrained {
      throw ValidationError("--model and --resolution both say which network to measure")
    }
    let size = resolution ?? 256
    guard size >= 4, size <= 2048, size.nonzeroBitCount == 1 else {
      throw ValidationError("--resolution is \(size); it must be a power of two, 4 to 2048")
    }
    guard channelBase ?? 32768 >= size, channelMax ?? 512 >= 1 else {
      throw ValidationError("--channel-base must be at least --resolution, --channel-max at least 1")
    }
  }

  var asksForUntrained: Bool { resolution != nil || channelBase != nil || channelMax != nil }

  /// - Parameter inEditor: whether the model built in stands for a network not chosen.
  func load(inEditor: Bool) throws -> BenchNetwork {
    if let name = model ?? (inEditor && !asksForUntrained ? LoadedModel.bundledName : nil) {
      return BenchNetwork(try LoadedModel(named: name), name: name)
    }
    var configuration = GeneratorConfiguration(
      resolution: resolution ?? 256, zDim: 512, wDim: 512, mappingLayers: 8,
      blockChannels: GeneratorConfiguration.channels(
        resolution: resolution ?? 256, base: channelBase ?? 32768, max: channelMax ?? 512))
    configuration.convClamp = 256
    return BenchNetwork(
      untrained: configuration, base: channelBase ?? 32768, max: channelMax ?? 512)
  }
}

/// A network with something to make pictures of.
struct BenchNetwork {
  let generator: Generator
  /// What `--model` calls it; nil for an untrained one.
  let name: String?
  let description: String
  /// Whole rows of ws, [num_ws, w_dim].
  let ws: Tensor
  /// The identifying members of a report.
  let members: JSONMembers
  let directions: [Direction]

  var configuration: GeneratorConfiguration { generator.configuration }

  fileprivate init(untrained configuration: GeneratorConfiguration, base: Int, max: Int) {
    generator = Generator(untrained: configuration, seed: 0)
    generator.takeFastestWay()
    name = nil
    directions = []
    description =
      "untrained StyleGAN2 \(configuration.resolution)², channel base \(base), at most \(max)"
    ws = Self.rows(of: configuration, around: nil)
    members = JSONMembers([
      "resolution": .number(configuration.resolution), "channelBase": .number(base),
      "channelMax": .number(max),
    ])
  }

  fileprivate init(_ loaded: LoadedModel, name: String) {
    generator = loaded.generator
    self.name = name
    directions = loaded.attributes
    let configuration = loaded.configuration
    description =
      "\(loaded.reference.name), \(configuration.family.rawValue) \(configuration.resolution)²"
    ws = Self.rows(of: configuration, around: generator)
    members = JSONMembers([
      "resolution": .number(configuration.resolution), "model": .string(loaded.reference.name),
    ])
  }

  /// A face of the model; noise for a network that knows none.
  private static func rows(
    of configuration: GeneratorConfiguration, around generator: Generator?
  ) -> Tensor {
    let shape: Shape = [configuration.numWs, configuration.wDim]
    if let generator {
      let z = Latent<Z>(seed: 42, dimension: configuration.zDim)
      let classes = configuration.cDim > 0 ? [0] : nil
      let w = generator.map(z: z.tensor, classIndices: classes).values
      return Tensor((0..<configuration.numWs).flatMap { _ in w }, shape: shape)
    }
    var state = NumPyRandomState(seed: 1)
    return Tensor(state.standardNormal(shape.count), shape: shape)
  }

  /// The same rows but for those from `row` on, which move a little with `step`.
  func ws(movedFrom row: Int, step: Int) -> Tensor {
    var values = ws.values
    let width = configuration.wDim
    let distance = 0.02 * Float(step % 50 + 1)
    for index in row * width..<values.count { values[index] += index % 2 == 0 ? distance : -distance }
    return Tensor(values, shape: ws.shape)
  }

  /// A checkpoint of an untrained network, for the editor to open.
  static func write(
    untrained configuration: GeneratorConfiguration, to path: String
  ) throws(FileError) {
    let description = JSONValue.object([
      .init("format", .string("mien.model/1")), .init("name", .string("untrained")),
      .init("family", .string(configuration.family.rawValue)),
      .init("architecture", .string(configuration.architecture.rawValue)),
      .init("resolution", .integer(configuration.resolution)),
      .init("z_dim", .integer(configuration.zDim)), .init("w_dim", .integer(configuration.wDim)),
      .init("c_dim", .integer(0)), .init("mapping_layers", .integer(configuration.mappingLayers)),
      .init("conv_clamp", .integer(256)),
    ])
    var parameters = UntrainedParameters(configuration, seed: 0)
    let tensors = parameters.names.map { (name: $0, tensor: parameters[$0]) }
    try Safetensors.save(tensors, metadata: ["mien": description.encoded], to: path)
  }
}
