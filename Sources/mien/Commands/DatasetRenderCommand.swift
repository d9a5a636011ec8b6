import ArgumentParser
import FaceStudio
import FoundationEssentials
import Synchronization

struct DatasetRenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Render people, with their labels, into a folder.",
    discussion: """
      Picture i of a seed is always the same, so the command goes on where it was stopped, and a \
      larger --count adds to what is there. Pictures come in shards: 0000.bin holds PNG files end \
      to end, 0000.npz their offsets, z, labels, landmarks [68, 2] and 64x64 thumbnails; set.json \
      names axes and labels. A shard appears when it is complete.
      """)

  @OptionGroup var faceKit: FaceKitOption

  @Option(help: ArgumentHelp("How many pictures.", valueName: "n"))
  var count: Int

  @Option(help: ArgumentHelp("Pixels along a side, 16 to 2048.", valueName: "pixels"))
  var size = 256

  @Option(help: ArgumentHelp("Which people.", valueName: "n"))
  var seed: UInt64 = 7

  @Option(help: ArgumentHelp("Pictures in a shard.", valueName: "n"))
  var shard = 500

  @Option(help: ArgumentHelp("Threads; by default one for each core.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Also write labels.csv, a line for each picture.")
  var labels = false

  @Option(name: .shortAndLong, help: ArgumentHelp("Folder.", valueName: "path"))
  var output: String

  mutating func validate() throws {
    guard (1...100_000_000).contains(count) else {
      throw ValidationError("--count is 1 to 100000000")
    }
    guard (16...2048).contains(size) else { throw ValidationError("--size is 16 to 2048") }
    guard (1...100_000).contains(shard) else { throw ValidationError("--shard is 1 to 100000") }
    guard (1...256).contains(threads ?? 1) else { throw ValidationError("--threads is 1 to 256") }
  }

  func run() throws {
    let interruption = Interruption()
    let rendering = DatasetRendering(
      description: DatasetDescription(size: size, seed: seed, shardSize: shard), folder: output,
      count: count, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
    let finished = try rendering.finished()
    if finished < count {
      let model = try FaceModel(try FaceKit(folder: faceKit.folder))
      let progress = SharedProgress("dataset", total: count - finished)
      let isComplete = try rendering.run(
        model, advance: { progress.advance() }, isCancelled: { interruption.isRequested })
      guard isComplete else {
        throw Failure.cancelled(
          "cancelled; \(output) keeps its finished shards, the same command goes on from there")
      }
    }
    if labels { try rendering.writeLabels(try FaceKit(folder: faceKit.folder)) }
  }
}

/// A progress line that several threads advance.
private final class SharedProgress: Sendable {
  private let line: Mutex<Progress>

  init(_ label: String, total: Int) { line = Mutex(Progress(label, total: total)) }

  func advance() { line.withLock { $0.advance() } }
}
