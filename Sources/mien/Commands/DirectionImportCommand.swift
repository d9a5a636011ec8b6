import ArgumentParser
import Latents
import StyleGAN

struct DirectionImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Take the directions of another tool into your library, for one model.",
    discussion: """
      Reads .npy, .npz, .pt, .pkl and safetensors files: boundaries of InterFaceGAN, directions of \
      W+ encoders, rosinality's factors, components of GANSpace and e4e, and folders that 'mien \
      discover' wrote. A matrix with as many rows as the model is a direction of W+. Whether a \
      single vector is of z or of w most files do not say: --space does.
      """)

  @Argument(help: "The file, or the folder of 'mien discover'.")
  var file: String
  @OptionGroup var model: ModelOption
  @Option(help: "The direction's name; several get numbers behind it. (default: the file's)")
  var name: String?
  @Option(help: ArgumentHelp("What the vectors are added to.", valueName: "z|w|w+"))
  var space: Direction.Space?
  @Option(
    help: ArgumentHelp(
      "The rows of ws its slider moves. (default: all, or as the file says)", valueName: "range"),
    transform: { try LayerRange(parsing: $0) })
  var rows: LayerRange?
  @Option(
    help: ArgumentHelp(
      "One unit of the slider, in units of the file; sigma makes it one standard deviation of the model's codes.",
      valueName: "number|sigma"),
    transform: DirectionImportCommand.unit)
  var scale: DirectionImport.Unit = .stored
  @Flag(
    help:
      "The slider gives the place to go to: the face's own position along the direction is taken off first."
  )
  var absolute = false
  @Option(help: "How many components to take of a file with a whole basis.")
  var count = 10
  @Option(
    help: ArgumentHelp(
      "Take out what the direction shares with this one, so that an edit leaves it alone. May be repeated.",
      valueName: "direction"))
  var without: [String] = []
  @Flag(help: "Replace directions of the same names.")
  var force = false
  @OptionGroup var json: JSONOption

  private static func unit(_ text: String) throws -> DirectionImport.Unit {
    if text == "sigma" { return .deviation }
    guard let factor = Float(text), factor.isFinite, factor != 0 else {
      throw ValidationError("--scale is a number other than 0, or sigma, not '\(text)'")
    }
    return .times(factor)
  }

  func validate() throws {
    guard count > 0 else { throw ValidationError("--count is at least 1, not \(count)") }
  }

  func run() throws {
    let interruption = Interruption()
    let found = try DirectionFile.read(path: file)
    let loaded = try model.load()
    let defaults = DirectionDiscovery()
    var directions = try found.directions(
      for: loaded.configuration,
      DirectionImport(
        name: name, space: space, rows: rows, unit: scale, isAbsolute: absolute,
        componentCount: count),
      statistics: {
        LatentStatistics.sampling(
          loaded.model, count: defaults.sampleCount, seed: defaults.seed,
          isCancelled: { interruption.isRequested })
      })
    if interruption.isRequested { throw Failure.cancelled("cancelled; nothing was imported") }
    if !without.isEmpty { directions = try independent(directions, loaded, interruption) }
    try loaded.imported.save(
      directions, taken: loaded.attributes.map(\.name), overwriting: force)
    StandardOutput.write(
      json.json
        ? JSONDocument.array(directions.map(\.json)).pretty : directions.table().text)
  }

  /// The directions without their shares in `without`.
  private func independent(
    _ directions: [Direction], _ loaded: LoadedModel, _ interruption: Interruption
  ) throws -> [Direction] {
    let library = try loaded.directionLibrary(interruption)
    let conditions = try without.map { try library.required($0) }
    return try directions.map { direction in
      for other in [direction] + conditions
      where other.space != direction.space || other.space == .wPlus {
        throw Failure.failed(
          "\(file): --without needs directions of one space, z or w; '\(other.name)' is of \(other.space.rawValue)"
        )
      }
      guard let free = direction.orthogonal(to: conditions) else {
        throw DirectionError(file: file, reason: .dependent(name: direction.name))
      }
      return free
    }
  }
}

extension Direction.Space: ExpressibleByArgument {}
