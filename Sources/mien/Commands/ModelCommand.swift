import ArgumentParser
import Latents
import StyleGAN

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Checkpoints.", subcommands: [Info.self])

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say what a checkpoint is.")
    @Argument(help: "'studio' or a checkpoint file.")
    var name = LoadedModel.bundledName
    @OptionGroup var json: JSONOption

    func run() throws {
      let description = ModelDescription(try LoadedModel(named: name))
      StandardOutput.write(json.json ? description.json.pretty : description.text)
    }
  }
}
