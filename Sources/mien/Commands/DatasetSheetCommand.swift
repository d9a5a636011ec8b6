import ArgumentParser
import FaceStudio
import Files
import Imaging

struct DatasetSheetCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sheet",
    abstract: "Lay people side by side on one picture.",
    discussion: """
      With --facekit they are rendered: consecutive ones, or with --axes one row for each axis, \
      along which one person is varied from -2.5 to 2.5. With --data they are taken from a \
      rendered folder.
      """)

  @Option(
    name: .customLong("facekit"),
    help: ArgumentHelp("Folder of the ICT-FaceKit basis.", valueName: "dir"))
  var faceKit: String?

  @Option(help: ArgumentHelp("A folder that 'dataset render' wrote.", valueName: "dir"))
  var data: String?

  @Option(help: ArgumentHelp("The first picture.", valueName: "n"))
  var first = 0

  @Option(
    help: ArgumentHelp("Places of the sheet.", valueName: "COLSxROWS"),
    transform: { try GridSize(parsing: $0) })
  var grid: GridSize?

  @Option(help: ArgumentHelp("Pixels along a side.", valueName: "pixels"))
  var size = 192

  @Option(help: ArgumentHelp("Which people.", valueName: "n"))
  var seed: UInt64 = 7

  @Option(help: ArgumentHelp("Axes to vary, such as smile,yaw,beard.", valueName: "names"))
  var axes: String?

  @Option(name: .shortAndLong, help: ArgumentHelp(".png or .ppm.", valueName: "path"))
  var output: String

  mutating func validate() throws {
    guard (faceKit == nil) != (data == nil) else {
      throw ValidationError("give either --facekit or --data")
    }
    guard axes == nil || faceKit != nil else { throw ValidationError("--axes needs --facekit") }
    guard (16...2048).contains(size) else { throw ValidationError("--size is 16 to 2048") }
    guard first >= 0 else { throw ValidationError("--first is 0 or more") }
    for name in axisNames where !Axis.names.contains(name) {
      throw ValidationError("no axis is called '\(name)'")
    }
  }

  private var axisNames: [String] { (axes ?? "").split(separator: ",").map(String.init) }

  func run() throws {
    let interruption = Interruption()
    let destination = Destination(output)
    guard destination.kind == .png || destination.kind == .ppm else {
      throw Failure.usage("-o \(output): a sheet is a .png or .ppm")
    }
    let columns = grid?.columns ?? (axes == nil ? 8 : 7)
    let count = axes == nil ? columns * (grid?.rows ?? 4) : columns * axisNames.count
    try destination.prepare()
    var progress = Progress("sheet", total: count)
    var images: [PixelImage] = []
    let picture = try source(columns: columns)
    for place in 0..<count {
      guard !interruption.isRequested else {
        throw Failure.cancelled("cancelled; \(output) was not written")
      }
      images.append(try picture(place))
      progress.advance()
    }
    let sheet = ContactSheet.compose(images, columns: columns)
    try AtomicFile.write(
      destination.kind == .png ? PNG.encode(sheet) : PPM.encode(sheet), to: output)
  }

  /// The picture at each place of the sheet.
  private func source(columns: Int) throws -> (Int) throws -> PixelImage {
    if let data {
      let description = try DatasetDescription(folder: data)
      return { place in
        let index = first + place
        return try DatasetShard.picture(
          index % description.shardSize, ofShard: index / description.shardSize, in: data
        ).scaled(width: size, height: size)
      }
    }
    let renderer = FaceRenderer(
      try FaceModel(try FaceKit(folder: faceKit ?? "")), size: size)
    let names = axisNames
    return { place in
      guard !names.isEmpty else {
        return renderer.render(z: Axis.draw(seed: seed, index: first + place)).image
      }
      var z = Axis.draw(seed: seed, index: first)
      let share = columns > 1 ? Float(place % columns) / Float(columns - 1) : 0.5
      z[Axis.index(names[place / columns])] = -2.5 + 5 * share
      return renderer.render(z: z).image
    }
  }
}
