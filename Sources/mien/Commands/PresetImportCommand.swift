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
      Reads the array w (or ws) of a .npz, a .npy, or the latent of a PyTorch .pt, whatever its \
      name ends in: [1, num_ws, w_dim] or [num_ws, w_dim] is a point of W+, [1, w_dim] or [w_dim] \
      a point of W.
      """)

  @Argument(help: "A .npz, .npy or .pt.")
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

  /// The names under which other tools keep a latent: those of the reference projector and of this
  /// program, that of a .npy's only array, and that of rosinality's projector.
  private static let arrayNames = ["w", "ws", "array", "latent"]

  private func array() throws -> Tensor {
    let file = try Checkpoint.open(path: file)
    let named = PresetImportCommand.arrayNames.lazy.compactMap { wanted in
      file.names.first { $0.split(separator: "/").last.map(String.init) == wanted }
    }
    guard let name = named.first ?? (file.names.count == 1 ? file.names[0] : nil) else {
      let names = file.names.prefix(8).joined(separator: ", ")
      throw Failure.failed(
        "\(self.file): there is no array w in it"
          + (names.isEmpty ? "" : ", it has \(names)\(file.names.count > 8 ? ", …" : "")"))
    }
    return try file.tensor(name)
  }

  private func latent(
    in array: Tensor, for configuration: GeneratorConfiguration
  ) throws -> LatentSource {
    let shape = array.shape.dimensions
    switch shape.drop(while: { $0 == 1 }).count {
    case 1: return .w(array.values)
    case 2: return .ws(array.values, rows: shape[shape.count - 2])
    default:
      throw Failure.failed(
        "\(file): the shape \(array.shape) is no latent; expected [1, \(configuration.numWs), \(configuration.wDim)]"
      )
    }
  }
}
