import ArgumentParser
import BundledModel
import StyleGAN

struct ModelRemoveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Delete imported models.")
  @Argument(help: ArgumentHelp("The names of imported models.", valueName: "name"))
  var names: [String]

  func run() throws {
    let models = InstalledModels.ofUser
    // All or none: a misspelt name is noticed before anything is gone.
    for name in names where models.path(of: name) == nil {
      throw Failure.failed(
        name == BundledModel.name
          ? "'\(name)' is built in and cannot be removed"
          : "there is no imported model '\(name)'; 'mien model list' names them")
    }
    for name in names { try models.remove(name) }
  }
}
