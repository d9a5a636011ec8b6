import ArgumentParser
import Latents

struct PresetImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a preset of a latent that another tool wrote.",
    discussion: """
      Reads the array w (or ws) of a .npz, a .npy, a tensor of a .pt, and rosinality's projections: \
      [1, num_ws, w_dim] or [num_ws, w_dim] is a point of W+, [1, w_dim] or [w_dim] a point of W, as \
      are rows that are all the same. Of a file with several each becomes a preset with a number.
      """)

  @Argument(help: "A .npz, .npy, .pt or safetensors file.")
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
    let entries = try LatentFile.read(path: file, for: loaded.configuration).entries
    let stem = String((file.split(separator: "/").last ?? "preset").prefix { $0 != "." })
    let presets = entries.map { entry in
      let title =
        if entries.count == 1 { name ?? (entry.name.isEmpty ? stem : entry.name) } else {
          "\(name ?? stem) \(entry.name)"
        }
      return Preset(name: title, model: loaded.reference, recipe: Recipe(latent: entry.latent))
    }
    if let output {
      guard let preset = presets.first, presets.count == 1 else {
        throw Failure.failed(
          "\(file): it has \(presets.count) latents, -o takes one; without -o they go to your library"
        )
      }
      try preset.save(to: output)
      return
    }
    for preset in presets {
      StandardOutput.write(try PresetLibrary.ofUser.save(preset, overwriting: force) + "\n")
    }
  }
}
