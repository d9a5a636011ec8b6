import ArgumentParser
import Glibc

@main
struct Mien: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mien",
    abstract: "Explore the latent space of a face generator.",
    discussion: """
      Without a command the editor starts. Exit status: 0 done, 1 failed, 2 usage, 130 cancelled.
      """,
    subcommands: [EditCommand.self],
    groupedSubcommands: [
      CommandGroup(name: "Pictures", subcommands: [GenerateCommand.self, MixCommand.self]),
      CommandGroup(name: "Films", subcommands: [VideoCommand.self]),
      CommandGroup(
        name: "Latents",
        subcommands: [
          ProjectCommand.self, PresetsCommand.self, DirectionsCommand.self, DiscoverCommand.self,
        ]),
      CommandGroup(name: "Models", subcommands: [ModelCommand.self, DatasetCommand.self]),
      CommandGroup(name: "This machine", subcommands: [BenchCommand.self, DoctorCommand.self]),
    ],
    defaultSubcommand: EditCommand.self)

  /// Replaces the argument parser's entry, whose statuses and multi-line errors are not ours.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let ending = Ending(error)
      ending.print()
      Glibc.exit(ending.status)
    }
  }
}
