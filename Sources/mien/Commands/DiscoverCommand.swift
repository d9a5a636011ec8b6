import ArgumentParser
import Files
import Latents
import StyleGAN

struct DiscoverCommand: ParsableCommand {
  enum Method: String, ExpressibleByArgument, CaseIterable {
    case sefa, pca
  }

  static let configuration = CommandConfiguration(
    commandName: "discover",
    abstract: "Find directions in a model.",
    discussion: """
      Writes a folder: every direction as float32 [1, w_dim] of unit length in a .npy, and \
      directions.json with names, rows of ws and scales. The scale is the standard deviation of W \
      along the direction, the unit of the editor's sliders.
      """)

  @OptionGroup var model: ModelOption

  @Option(
    help: ArgumentHelp(
      "sefa: closed-form factorisation of the style weights; pca: principal components of W.",
      valueName: "sefa|pca"))
  var method: Method

  @Option(
    help: ArgumentHelp(
      "Rows of ws: whose style weights are factorised (sefa), and where the directions apply.",
      valueName: "range"),
    transform: { try LayerRange(parsing: $0) })
  var layers = LayerRange.all

  @Option(help: "How many directions.")
  var count = 10

  @Option(name: .shortAndLong, help: ArgumentHelp("Folder.", valueName: "folder"))
  var output: String

  func validate() throws {
    guard count > 0 else { throw ValidationError("--count is at least 1, not \(count)") }
  }

  func run() throws {
    let interruption = Interruption()
    let loaded = try model.load()
    guard layers.fits(loaded.configuration), !layers.rows(in: loaded.configuration).isEmpty else {
      throw LatentError.rowsOutsideModel(layers, rows: loaded.configuration.numWs)
    }
    guard count <= loaded.configuration.wDim else {
      throw Failure.failed(
        "\(count) directions were asked for, W of this model has \(loaded.configuration.wDim)")
    }
    let destination = Destination(output + "/")
    try destination.prepare()
    var list: [JSONDocument] = []
    for direction in try loaded.discover(method, rows: layers, count: count, interruption) {
      let file = direction.name.replacing(" ", with: "-") + ".npy"
      try NamedArray(direction.name, direction.unit, [1, direction.unit.count]).write(
        to: destination.file(file))
      guard case .object(var entry) = direction.json else { continue }
      entry["file"] = .string(file)
      list.append(.object(entry))
    }
    try AtomicFile.write(
      Array(JSONDocument.array(list).pretty.utf8), to: destination.file("directions.json"))
  }
}
