import ArgumentParser

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Checkpoints.",
    subcommands: [
      ModelListCommand.self, ModelInfoCommand.self, ModelImportCommand.self,
      ModelRemoveCommand.self, ModelVerifyCommand.self,
    ])
}
