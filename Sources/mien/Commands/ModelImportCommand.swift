import ArgumentParser
import BundledModel
import Files
import Latents
import StyleGAN

struct ModelImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Convert a checkpoint once, for a faster start and a short name.",
    discussion: """
      The model is written to $XDG_DATA_HOME/mien/models with its configuration and the hash of the \
      file it came from; the file itself is left alone and no longer needed. With f32 every number \
      is kept, and presets made with the file fit the imported model.
      """)

  @Argument(help: ArgumentHelp("A checkpoint of any kind.", valueName: "file"))
  var file: String
  @Option(help: "What to call it. (default: the file's name)")
  var name: String?
  @Option(
    help: ArgumentHelp(
      "How weights are stored: f32 keeps every number, f16 takes half the room.",
      valueName: "f32|f16"))
  var dtype: ModelImport.Precision = .f32
  @Option(help: "A note about the model's licence, kept with it.")
  var licence: String?
  @Option(
    help: ArgumentHelp(
      "Import the feature network of mien project --features lpips: the file is torchvision's "
        + "vgg16, this the heads of LPIPS v0.1 for it.", valueName: "file"))
  var lpipsHeads: String?
  @Flag(help: "Replace a model of the same name.")
  var force = false
  @OptionGroup var json: JSONOption

  func validate() throws {
    guard let name else { return }
    if let problem = InstalledModels.problem(withName: name) {
      throw ValidationError("'\(name)' cannot be a model's name: \(problem)")
    }
    if name == BundledModel.name {
      throw ValidationError("'\(name)' is the name of the built-in model; choose another")
    }
  }

  func run() throws {
    let interruption = Interruption()
    if let lpipsHeads { return try importFeatures(heads: lpipsHeads) }
    let models = InstalledModels.ofUser
    let name = try chosenName()
    if models.path(of: name) != nil, !force {
      throw Failure.failed(
        "there is already a model '\(name)'; --force replaces it, --name gives this one another name"
      )
    }
    let conversion = try ModelImport(path: file)
    try StandardFolders.make(models.folder)
    let path = models.path(for: name)
    var progress = ShareOfWork("importing \(name)")
    guard
      let result = try conversion.write(
        to: path, name: name, precision: dtype, licence: licence,
        progress: { progress.update($0) }, isCancelled: { interruption.isRequested })
    else { throw Failure.cancelled("cancelled; nothing was imported") }
    _ = consume progress
    report(result, conversion, name: name, path: path)
  }

  private func importFeatures(heads: String) throws {
    let path = FeatureNetworkFile.pathOfUser
    if let slash = path.lastIndex(of: "/") { try StandardFolders.make(String(path[..<slash])) }
    try FeatureNetworkFile.convert(vgg: file, heads: heads, to: path)
    StandardOutput.write("imported LPIPS features; use them with mien project --features lpips\n")
  }

  private func chosenName() throws(Failure) -> String {
    if let name { return name }
    let name = InstalledModels.name(fromFile: file)
    guard name != BundledModel.name else {
      throw .failed("'\(name)' is the name of the built-in model; choose another with --name")
    }
    return name
  }

  private func report(
    _ result: ModelImport.Result, _ conversion: ModelImport, name: String, path: String
  ) {
    if json.json {
      StandardOutput.write(
        JSONDocument.object(
          JSONMembers([
            "name": .string(name), "path": .string(path), "bytes": .number(result.byteCount),
            "source_sha256": result.origin.sha256.map(JSONDocument.string) ?? .null,
            "source_container": .string(result.origin.container),
            "notes": .array(conversion.notes.map(JSONDocument.string)),
            "kept_in_f32": .array(result.keptNames.map(JSONDocument.string)),
          ])
        ).pretty)
      return
    }
    let size = conversion.configuration.resolution
    StandardOutput.write(
      "imported '\(name)': \(conversion.configuration.family.rawValue), \(size)x\(size), \(megabytes(result.byteCount)); use it with --model \(name)\n"
    )
    for note in conversion.notes { StandardOutput.write("note: \(note)\n") }
    if !result.keptNames.isEmpty {
      StandardOutput.write(
        "note: beyond the range of f16 and kept in f32: \(result.keptNames.joined(separator: ", "))\n"
      )
    }
  }
}

extension ModelImport.Precision: ExpressibleByArgument {}

/// "118 MB"
func megabytes(_ count: Int) -> String {
  count < 1_000_000 ? "\((count + 500) / 1000) kB" : "\((count + 500_000) / 1_000_000) MB"
}
