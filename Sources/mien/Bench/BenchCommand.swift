import ArgumentParser
import Checkpoints
import Files
import FoundationEssentials
import Latents
import StyleGAN
import TUI
import Tensors

/// `mien bench`: how fast this machine is at everything that a hand on a slider waits for.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measure speed, by layer and in total.",
    discussion: """
      Times are best and median of several runs in one sitting; an absolute time means little on \
      a shared machine, a ratio to something timed beside it does.

      frame: the whole picture, layer by layer.  preview: each smaller size.  edit: the whole \
      picture when only the rows from one on changed.  mapping: z to w.  projection: one step of \
      finding a photo by features of VGG16's size.  start: from starting the editor to its first \
      picture.  sixel: encoding.  drag: a slider dragged in the editor, in a terminal that reads \
      as fast as it is given.  memory: at its highest, and its growth.
      """)

  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case frame, preview, edit, mapping, projection, start, sixel, drag, memory

    /// Whether it is about the editor, which has a model to start with.
    var isInEditor: Bool { self == .start || self == .sixel || self == .drag }
  }

  enum Precision: String, ExpressibleByArgument, CaseIterable {
    case float32, bfloat16, both
  }

  @Argument(
    help: ArgumentHelp(
      "What to measure, one or several.",
      valueName: "frame|preview|edit|mapping|projection|start|sixel|drag|memory"))
  var subjects: [Subject] = [.frame]

  @OptionGroup var network: BenchNetworkOptions

  @Option(
    help: ArgumentHelp(
      "In which numbers; bfloat16 is for previews, where the processor has it.",
      valueName: "float32|bfloat16|both"))
  var precision: Precision?

  @Option(help: "Times each thing is done, after two to warm up.")
  var runs = 6

  @Option(help: "drag: for how long.")
  var seconds = 5.0

  @Option(help: "memory: how many pictures.")
  var frames = 100

  @Option(
    help: ArgumentHelp("start, drag: characters of the terminal.", valueName: "colsxrows"),
    transform: { try GridSize(parsing: $0) })
  var terminal: GridSize = BenchCommand.smallTerminal

  @Option(help: ArgumentHelp("drag: the terminal reads so many kB a second.", valueName: "kB"))
  var rate: Double?

  @Option(help: ArgumentHelp("drag: the terminal answers so much later.", valueName: "ms"))
  var roundTrip = 0.0

  @Option(
    help: ArgumentHelp("Print ratios to what --json wrote there earlier.", valueName: "file"))
  var compare: String?

  @Flag(help: "Print one JSON object.")
  var json = false

  func validate() throws {
    guard runs >= 1, frames >= 1 else { throw ValidationError("--runs and --frames are at least 1") }
    guard seconds > 0, seconds <= 3600, roundTrip >= 0, roundTrip <= 10_000, rate ?? 1 > 0 else {
      throw ValidationError("--seconds, --rate and --round-trip are positive, and not for ever")
    }
    guard Set(subjects).count == subjects.count else {
      throw ValidationError("each thing is measured once")
    }
  }

  func run() throws {
    let earlier = try compare.map(readFigures)
    var report = BenchReport()
    let engine = EngineDescription.current
    report.add(
      "engine",
      .object([
        "oneDNN": .string(engine.libraryVersion), "instructions": .string(engine.instructionSet),
        "threads": .number(engine.threads),
      ]))
    report.say(
      "oneDNN \(engine.libraryVersion), \(engine.instructionSet), \(engine.threads) threads")
    try measure(into: &report)
    let text = report.document.pretty
    if let earlier {
      let now = try BenchFigures(JSONValue(parsing: text))
      // The figures themselves are wanted beside the ratios only by eyes.
      StandardOutput.write((json ? "" : report.text + "\n") + now.compared(with: earlier))
    } else {
      StandardOutput.write(json ? text : report.text)
    }
  }

  private func measure(into report: inout BenchReport) throws {
    var networks: [Bool: BenchNetwork] = [:]
    for subject in subjects {
      let known = networks[subject.isInEditor]
      let network = try known ?? self.network.load(inEditor: subject.isInEditor)
      networks[subject.isInEditor] = network
      if known == nil {
        for key in network.members.keys { report.add(key, network.members[key] ?? .null) }
        report.say("\(network.description), batch 1\n")
      }
      let precisions = precisions(network)
      switch subject {
      case .frame: report.measureFrame(network, precisions, runs: runs)
      case .preview: report.measurePreviews(network, precisions, runs: runs)
      case .edit: report.measureEdits(network, precisions, runs: runs)
      case .mapping: report.measureMapping(network, runs: runs)
      case .projection: try report.measureProjection(network, runs: runs)
      case .memory: report.measureMemory(network, precisions, frames: frames)
      case .sixel: report.measureSixels(network, runs: runs)
      case .start: try report.measureStart(editor(network), runs: runs)
      case .drag: try report.measureDrag(editor(network), seconds: seconds)
      }
      report.say()
    }
  }

  private func precisions(_ network: BenchNetwork) -> [SynthesisPrecision] {
    let hasDrafts = network.generator.hasDrafts
    switch precision {
    case .float32: return [.full]
    case .bfloat16: return [.draft]
    case .both: return [.full, .draft]
    case nil: return hasDrafts ? [.full, .draft] : [.full]
    }
  }

  private func editor(_ network: BenchNetwork) throws -> EditorBench {
    let link = EditorInTerminal.Link(
      rate: rate.map { $0 * 1000 }, roundTrip: roundTrip / 1000)
    return try EditorBench(
      network, size: Size(columns: terminal.columns, rows: terminal.rows), link: link)
  }

  private func readFigures(_ path: String) throws -> BenchFigures {
    let bytes = try unsafe MappedFile(path: path).withBytes { unsafe Array($0) }
    do {
      return try BenchFigures(JSONValue(parsing: bytes))
    } catch {
      throw Failure.failed("\(path): not a report of 'mien bench --json': \(error)")
    }
  }

  /// In which a picture of 256² is shown pixel for pixel.
  private static var smallTerminal: GridSize { GridSize(columns: 80, rows: 24) }
}
