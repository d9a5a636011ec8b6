import ArgumentParser

@main
struct Mien: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mien", abstract: "Explore the latent space of a face generator.",
    subcommands: [BenchCommand.self])
}
