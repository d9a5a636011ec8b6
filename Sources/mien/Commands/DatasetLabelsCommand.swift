import ArgumentParser
import FaceStudio

struct DatasetLabelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "labels",
    abstract: "Write z and labels of people without rendering them.",
    discussion: """
      Person i of a seed is the one that 'dataset render' renders. The .npz holds z and labels; \
      their names and order are those of a rendered set's set.json.
      """)

  @OptionGroup var faceKit: FaceKitOption

  @Option(help: ArgumentHelp("How many people.", valueName: "n"))
  var count: Int

  @Option(help: ArgumentHelp("Which people.", valueName: "n"))
  var seed: UInt64 = 7

  @Option(name: .shortAndLong, help: ArgumentHelp("An .npz file.", valueName: "path"))
  var output: String

  mutating func validate() throws {
    guard (1...2_000_000).contains(count) else { throw ValidationError("--count is 1 to 2000000") }
  }

  func run() throws {
    let kit = try FaceKit(folder: faceKit.folder)
    try DatasetLabels(seed: seed, count: count).write(kit, to: output)
  }
}
