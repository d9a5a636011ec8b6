import ArgumentParser

struct VideoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "video",
    abstract: "Make a film from face to face.",
    discussion: """
      mien video 1 2 3 4 --loop -o loop.mp4
      mien video morning nobody silver --constant-speed -o walk.webm
      mien video 42 --sweep smile:-3:3 --loop --frames 60 -o smile.gif

      'mien video make --help' lists what a film can be told; 'make' itself may be left out.
      """,
    subcommands: [VideoMakeCommand.self, VideoJoinCommand.self],
    defaultSubcommand: VideoMakeCommand.self)
}
