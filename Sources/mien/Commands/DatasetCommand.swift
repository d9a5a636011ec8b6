import ArgumentParser

struct DatasetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dataset", abstract: "Rendered faces with exact labels, to train models on.",
    subcommands: [
      DatasetRenderCommand.self, DatasetLabelsCommand.self, DatasetSheetCommand.self,
    ])
}

/// `--facekit`, spelled the same in every command.
struct FaceKitOption: ParsableArguments {
  @Option(
    name: .customLong("facekit"),
    help: ArgumentHelp("Folder of the ICT-FaceKit basis.", valueName: "dir"))
  var folder: String
}
