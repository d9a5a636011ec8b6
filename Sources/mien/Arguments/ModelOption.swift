import ArgumentParser

/// `--model`, spelled the same in every command.
struct ModelOption: ParsableArguments {
  @Option(
    name: .customLong("model"),
    help: ArgumentHelp(
      "The generator: 'studio', which is built in, the name of an imported one, or a checkpoint file.",
      valueName: "model"))
  var name = LoadedModel.bundledName

  func load() throws -> LoadedModel { try LoadedModel(named: name) }
}
