import BundledModel
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
    throw Failure.failed("no model yet")
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
