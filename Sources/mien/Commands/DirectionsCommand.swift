import ArgumentParser
import Files
import Imaging
import Latents
import StyleGAN

struct DirectionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "directions",
    abstract: "The directions of a model: what the sliders move along.",
    subcommands: [
      List.self, Show.self, DirectionImportCommand.self, DirectionRenameCommand.self,
      DirectionRemoveCommand.self, Strip.self,
    ])

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Name a model's directions.")
    @OptionGroup var model: ModelOption
    @OptionGroup var json: JSONOption

    func run() throws {
      let loaded = try model.load()
      let library = try loaded.directionLibrary(Interruption())
      let unusable = loaded.imported.list().compactMap { entry in
        entry.problem(for: loaded.configuration).map { (name: entry.name, problem: $0) }
      }
      if json.json {
        let broken = unusable.map { entry in
          JSONDocument.object(
            JSONMembers([
              "name": .string(entry.name), "kind": .string(Direction.Kind.imported.rawValue),
              "error": .string(entry.problem),
            ]))
        }
        StandardOutput.write(JSONDocument.array(library.all.map(\.json) + broken).pretty)
        return
      }
      StandardOutput.write(library.all.table(unusable).text)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "What is known about one direction.")
    @OptionGroup var model: ModelOption
    @OptionGroup var json: JSONOption
    @Argument(help: "The direction's name.")
    var name: String

    func run() throws {
      let library = try model.load().directionLibrary(Interruption())
      let direction = try library.required(name)
      if json.json {
        StandardOutput.write(direction.json.pretty)
        return
      }
      var table = TextTable()
      table.append(["name", direction.name])
      table.append(["kind", direction.kind.rawValue])
      table.append(["space", direction.space.rawValue])
      table.append(["rows", direction.rows.description])
      table.append(["scale", short(Double(direction.scale), decimals: 4)])
      if direction.editing == .absolute { table.append(["editing", "absolute"]) }
      if let r2 = direction.r2 { table.append(["r2", short(r2)]) }
      if let origin = direction.origin { table.append(["origin", origin]) }
      let neighbours = library.all.filter { $0.name != name }
        .compactMap { other in
          other.cosine(to: direction).map { (name: other.name, cosine: $0) }
        }
        .sorted { abs($0.cosine) > abs($1.cosine) }
      if !neighbours.isEmpty {
        table.append([
          "nearest",
          neighbours.prefix(3).map { "\($0.name) (cosine \(short($0.cosine)))" }
            .joined(separator: ", "),
        ])
      }
      StandardOutput.write(table.text)
    }
  }

  struct Strip: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Render each direction from -3 to +3 on one sheet, a direction a row.")
    @OptionGroup var model: ModelOption
    @OptionGroup var sampling: SamplingOptions
    @Argument(help: "The directions to show. (default: all)")
    var names: [String] = []
    @Option(help: "The seed of the face they are shown on.")
    var seed: UInt32 = 0
    @Option(name: .shortAndLong, help: ArgumentHelp("A .png or .ppm.", valueName: "path"))
    var output: String

    private static let strengths: [Float] = [-3, -2, -1, 0, 1, 2, 3]

    func run() throws {
      let interruption = Interruption()
      let destination = Destination(output)
      guard destination.kind == .png || destination.kind == .ppm else {
        throw Failure.usage("\(output): the sheet is a picture; end its name in .png or .ppm")
      }
      let loaded = try model.load()
      let library = try loaded.directionLibrary(interruption)
      let shown = names.isEmpty ? library.all : try names.map { try library.required($0) }
      var recipe = Recipe(
        latent: .seed(seed, classIndex: sampling.classIndex), noise: NoiseSetting(seed: seed))
      sampling.apply(to: &recipe)
      try recipe.validate(for: loaded.configuration, directions: library)
      try destination.prepare()
      var renderer = PictureRenderer(loaded, directions: library, interruption: interruption)
      var progress = Progress("strip", total: shown.count * Strip.strengths.count)
      var images: [PixelImage] = []
      var presets: [Preset] = []
      for direction in shown {
        for strength in Strip.strengths {
          var step = recipe
          step.edits = [
            Edit(direction: direction.name, strength: strength, rows: direction.rows)
          ]
          guard let output = try renderer.render(step) else {
            throw Failure.cancelled("cancelled; nothing was written to \(self.output)")
          }
          images.append(output.image)
          presets.append(
            Preset(
              name: "\(direction.name) \(short(Double(strength)))", model: loaded.reference,
              recipe: step))
          progress.advance()
        }
      }
      let file = PictureFile(
        ContactSheet.compose(images, columns: Strip.strengths.count), presets: presets,
        model: loaded.configuration)
      try AtomicFile.write(destination.kind == .ppm ? file.ppm : file.png, to: output)
    }
  }
}

extension DirectionLibrary {
  func required(_ name: String) throws(LatentError) -> Direction {
    guard let direction = self[name] else { throw .unknownDirection(name, known: names) }
    return direction
  }
}

extension Direction {
  /// As `directions list --json` prints it.
  var json: JSONDocument {
    var object = JSONMembers([
      "name": .string(name), "kind": .string(kind.rawValue), "space": .string(space.rawValue),
      "rows": .string(rows.description), "scale": .number(scale),
    ])
    if kind == .imported { object["editing"] = .string(editing.rawValue) }
    object["r2"] = r2.map { .number(Float($0)) }
    object["origin"] = origin.map { .string($0) }
    return .object(object)
  }

  /// Nil for directions of different spaces.
  func cosine(to other: Direction) -> Double? {
    guard space == other.space, vector.count == other.vector.count else { return nil }
    let product = zip(vector, other.vector).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    let lengths = Double(scale) * Double(other.scale)
    return lengths > 0 ? product / lengths : 0
  }
}

extension [Direction] {
  /// - Parameter unusable: imported ones that cannot be used, and why.
  func table(_ unusable: [(name: String, problem: String)] = []) -> TextTable {
    var table = TextTable()
    table.append(["name", "kind", "space", "rows", "scale", "r2"])
    for direction in self {
      table.append([
        direction.name, direction.kind.rawValue, direction.space.rawValue,
        direction.rows.description, short(Double(direction.scale)),
        direction.r2.map { short($0) } ?? "",
      ])
    }
    for entry in unusable {
      table.append([entry.name, Direction.Kind.imported.rawValue, "unusable: \(entry.problem)"])
    }
    return table
  }
}

extension DirectionFolder.Entry {
  /// Why it cannot be used on a model; nil where it can.
  fileprivate func problem(for configuration: GeneratorConfiguration) -> String? {
    do {
      let direction = try direction.get()
      try direction.validate(for: configuration)
      guard direction.rows.fits(configuration) else {
        throw LatentError.rowsOutsideModel(direction.rows, rows: configuration.numWs)
      }
      return nil
    } catch { return "\(error)" }
  }
}
