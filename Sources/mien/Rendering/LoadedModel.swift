import BundledModel
import Checkpoints
import Files
import Latents
import StyleGAN

/// The generator a command works with and what is known about its file.
struct LoadedModel: Sendable {
  static let bundledName = BundledModel.name

  let reference: ModelReference
  let model: any LatentModel
  /// The directions that came with the model.
  let attributes: [Direction]

  var configuration: GeneratorConfiguration { model.configuration }

  let licence: String?
  /// nil for the bundled model.
  let path: String?
  let parameterCount: Int
  let byteCount: Int

  /// - Parameter name: the bundled model's name or the path of a checkpoint.
  init(named name: String) throws {
    guard name == LoadedModel.bundledName else { throw Failure.failed("no files yet") }
    let bytes = unsafe Bytes(unsafeStatic: BundledModel.bytes)
    let checkpoint = try Checkpoint(bytes, name: name)
    var configuration = GeneratorConfiguration(
      resolution: 128, zDim: 192, wDim: 256, mappingLayers: 3,
      blockChannels: GeneratorConfiguration.channels(resolution: 128, base: 2048, max: 192))
    configuration.cDim = 0
    model = try Generator(configuration) { try checkpoint.tensor($0) }
    reference = ModelReference(name: name, sha256: SHA256.hex(of: bytes))
    attributes = []
    licence = nil
    path = nil
    parameterCount = 0
    byteCount = bytes.count
  }

  /// All directions at hand: the model's own, and components, which take seconds to find.
  func directionLibrary() throws -> DirectionLibrary {
    DirectionLibrary(attributes)
  }

  /// The directions the edits of these recipes can name; components are looked for only where the
  /// model's own directions do not suffice.
  func directions(for recipes: some Sequence<Recipe>) throws -> DirectionLibrary {
    let own = DirectionLibrary(attributes)
    let suffices = recipes.allSatisfy { $0.edits.allSatisfy { own[$0.direction] != nil } }
    return suffices ? own : try directionLibrary()
  }

  func discover(
    _ method: DiscoverCommand.Method, rows: LayerRange, count: Int
  ) throws -> [Direction] {
    []
  }
}
