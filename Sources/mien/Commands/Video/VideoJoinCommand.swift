import ArgumentParser
import Film
import FoundationEssentials

struct VideoJoinCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "join",
    abstract: "Join the shares of a film that several processes made.",
    discussion: """
      Give the film as it was named with -o, or the folders of its parts, which may come from \
      several machines. Needs neither model nor presets. Parts go when the film is there.
      """)

  @Argument(help: ArgumentHelp("The film, or folders of its parts.", valueName: "film"))
  var films: [String]

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Where the film goes. (default: where it was to go)", valueName: "path"))
  var output: String?

  func run() throws {
    let suffix = FilmJoin.folder(of: "")
    let folders = films.map { film in
      let name = film.count > 1 && film.hasSuffix("/") ? String(film.dropLast()) : film
      return name.hasSuffix(suffix) ? name : FilmJoin.folder(of: name)
    }
    let target = output ?? String(folders[0].dropLast(suffix.count))
    let record = try FilmRecord(in: folders[0])
    for folder in folders.dropFirst() where try FilmRecord(in: folder) != record {
      throw Failure.failed("\(folder): the parts are of another film than those in \(folders[0])")
    }
    if let output {
      guard case .film(let format) = try FilmDestination(output, codec: nil).kind,
        format.title == record.format.title
      else { throw Failure.usage("-o \(output): the parts are of \(record.format.title)") }
    }
    let join = FilmJoin(record, in: folders)
    try join.requireAllParts()
    let ffmpeg =
      record.format.needsProgram
      ? FFmpeg.find(in: ProcessInfo.processInfo.environment) : nil
    try FilmMaker.prepare(
      .file(target), format: record.format, frames: record.frames, ffmpeg: ffmpeg)
    try join.write(to: target, ffmpeg: ffmpeg)
    join.discard()
  }
}
