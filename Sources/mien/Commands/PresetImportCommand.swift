import ArgumentParser
import Checkpoints
import Latents
import StyleGAN
import Tensors

struct PresetImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a preset of a latent that another tool wrote.",
    discussion: """
      Reads the array w (or ws) of a .npz, or a .npy: [1, num_ws, w_dim] or [num_ws, w_dim] is a \
      point of W+, [1, w_dim] or [w_dim] a point of W.
      """)

  @Argument(help: "A .npz or .npy.")
  var file: String
  @OptionGroup var model: ModelOption
  @Option(help: "The preset's name. (default: the file's)")
  var name: String?
  @Flag(help: "Replace a preset of that name.")
  var force = false
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("A .json. (default: your library)", valueName: "path"))
  var output: String?

  func run() throws {
    let loaded = try model.load()
    let latent = try latent(in: array(), for: loaded.configuration)
    let name = name ?? String((file.split(separator: "/").last ?? "preset").prefix { $0 != "." })
    let preset = Preset(
      name: name, model: loaded.reference, recipe: Recipe(latent: latent))
    do {
      try preset.recipe.validate(for: loaded.configuration, directions: DirectionLibrary())
    } catch { throw Failure.failed("\(file): \(error)") }
    if let output {
      try preset.save(to: output)
    } else {
      StandardOutput.write(try PresetLibrary.ofUser.save(preset, overwriting: force) + "\n")
    }
  }

  private func array() throws -> NPYArray {
    guard file.hasSuffix(".npz") else { return try NPYArray.load(path: file) }
    let archive = try NPZArchive.load(path: file)
    guard let name = ["w", "ws"].first(where: archive.names.contains) else {
      throw Failure.failed("\(file): there is no array w; it has \(archive.names.joined(separator: ", "))")
    }
    return try archive.array(name)
  }

  private func latent(
    in array: NPYArray, for configuration: GeneratorConfiguration
  ) throws -> LatentSource {
    let values = array.tensor.values
    switch array.shape.drop(while: { $0 == 1 }).count {
    case 1: return .w(values)
    case 2: return .ws(values, rows: array.shape[array.shape.count - 2])
    default:
      throw Failure.failed(
        "\(file): the shape \(array.shape) is no latent; expected [1, \(configuration.numWs), \(configuration.wDim)]"
      )
    }
  }
}
