import ArgumentParser
import Files
import Imaging
import Latents
import StyleGAN

struct MixCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mix",
    abstract: "Make the style-mixing table of the papers.",
    discussion: """
      Every picture of the table is the face at the left of its row, with the chosen rows of ws \
      taken from the face at the top of its column. The output is a .png or .ppm of the whole \
      table; a .npy of the mixed pictures alone, float32 [ROWS, COLS, C, H, W]; or a .npz with \
      these as images, their ws, and the sources as rows and cols.
      """)

  @OptionGroup var model: ModelOption

  @Option(
    help: ArgumentHelp(
      "Seeds of the faces that are kept: 7, 0-3 or 3,8,12-19.", valueName: "seeds"),
    transform: { try SeedList(parsing: $0) })
  var rows: SeedList

  @Option(
    help: ArgumentHelp("Seeds of the faces whose style is taken.", valueName: "seeds"),
    transform: { try SeedList(parsing: $0) })
  var cols: SeedList

  @Option(
    help: ArgumentHelp(
      "Rows of ws that are taken: coarse, middle, fine, all, 5 or 0-3.", valueName: "range"),
    transform: { try LayerRange(parsing: $0) })
  var layers: LayerRange

  @OptionGroup var sampling: SamplingOptions

  @Option(name: .shortAndLong, help: ArgumentHelp("File.", valueName: "path"))
  var output: String

  func run() throws {
    let interruption = Interruption()
    let destination = Destination(output)
    try destination.requireKnownEnding()
    guard destination.kind != .folder else {
      throw Failure.usage(
        "\(output): the table is one file; end its name in .png, .ppm, .npy or .npz")
    }
    let count = (rows.count + 1) * (cols.count + 1) - 1
    guard count <= MixCommand.limit else {
      throw Failure.usage(
        "a table of \(rows.count) by \(cols.count) pictures is more than the \(MixCommand.limit) that fit one file"
      )
    }
    let loaded = try model.load()
    let table = MixingTable(rows: rows, cols: cols, layers: layers, sampling: sampling)
    try table.recipe(row: rows[0], column: cols[0])
      .validate(for: loaded.configuration, directions: DirectionLibrary())
    try destination.prepare()
    var renderer = PictureRenderer(
      loaded, directions: DirectionLibrary(), interruption: interruption)
    var progress = Progress("mix", total: count)
    func render(_ recipe: Recipe) throws -> PictureRenderer.Output {
      guard let output = try renderer.render(recipe) else {
        throw Failure.cancelled("cancelled; nothing was written to \(self.output)")
      }
      progress.advance()
      return output
    }
    let tops = try cols.map { try render(table.recipe(seed: $0)) }
    var lefts: [PictureRenderer.Output] = []
    var mixed: [PictureRenderer.Output] = []
    for row in rows {
      lefts.append(try render(table.recipe(seed: row)))
      for column in cols { mixed.append(try render(table.recipe(row: row, column: column))) }
    }
    let result = MixingTable.Result(lefts: lefts, tops: tops, mixed: mixed)
    try table.write(result, to: destination, model: loaded)
  }

  /// Sheets larger than this are of no use to anybody.
  private static let limit = 10_000
}
