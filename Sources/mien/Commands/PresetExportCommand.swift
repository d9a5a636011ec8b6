import ArgumentParser
import Latents
import StyleGAN

struct PresetExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the ws of a preset as the reference projector does.",
    discussion: """
      A .npz has the array w, float32 [1, num_ws, w_dim], after truncation, mixing and edits; a \
      .npy is that array alone. The reference scripts take the .npz by --projected-w.
      """)

  @Argument(help: "The preset.")
  var preset: String
  @OptionGroup var model: ModelOption
  @Flag(help: "Export a preset that was made for another model all the same.")
  var force = false
  @Option(name: .shortAndLong, help: ArgumentHelp("A .npz or .npy.", valueName: "path"))
  var output: String

  func run() throws {
    let destination = Destination(output)
    guard destination.kind == .npz || destination.kind == .npy else {
      throw Failure.usage("\(output): presets are exported to .npz or .npy")
    }
    let preset = try PresetArgument(preset, library: .ofUser).load()
    let loaded = try model.load()
    if !force { try preset.requireModel(loaded.reference, file: self.preset) }
    let directions = try loaded.directions(for: [preset.recipe], Interruption())
    try preset.validate(for: loaded.configuration, directions: directions, file: self.preset)
    try destination.prepare()
    let ws = try preset.recipe.ws(model: loaded.model, directions: directions)
    try LatentFile.write(ws, to: output, isArchive: destination.kind == .npz)
  }
}
