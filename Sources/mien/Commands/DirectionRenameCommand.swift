import ArgumentParser
import Latents

struct DirectionRenameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Give an imported direction another name.",
    discussion: "Presets that edit along it go by its name and must be changed too.")

  @Argument(help: "The direction.")
  var name: String
  @Argument(help: "Its new name.")
  var newName: String
  @OptionGroup var model: ModelOption

  func run() throws {
    let loaded = try model.load()
    try loaded.requireImported(name)
    try loaded.imported.rename(name, to: newName, taken: loaded.attributes.map(\.name))
  }
}

struct DirectionRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Take an imported direction out of your library.")

  @Argument(help: "The direction.")
  var name: String
  @OptionGroup var model: ModelOption

  func run() throws {
    let loaded = try model.load()
    try loaded.requireImported(name)
    try loaded.imported.delete(name)
  }
}

extension LoadedModel {
  /// - Throws: for a name that the model itself gives.
  fileprivate func requireImported(_ name: String) throws(Failure) {
    if attributes.contains(where: { $0.name == name }) {
      throw .failed(
        "'\(name)' comes with the model \(reference.name); only imported directions can be changed")
    }
  }
}
