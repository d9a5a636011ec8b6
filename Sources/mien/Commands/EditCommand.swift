import ArgumentParser
import Editor
import Files
import FoundationEssentials
import Latents
import StyleGAN
import TUI
import Tensors
import TerminalIO

struct EditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "edit",
    abstract: "The editor (also what 'mien' alone starts).",
    discussion: """
      Without a preset it starts with the face of a seed, at ψ 0.7. A second preset is mixed in as \
      face B, with its fine rows.
      """)

  @Argument(help: "Presets to open: files, names in your library, or pictures made by mien.")
  var presets: [String] = []

  @Option(help: "The face to start with. (default: 42)")
  var seed: UInt32?

  @OptionGroup var model: ModelOption

  @Option(
    help: ArgumentHelp(
      "How pictures are shown; auto asks the terminal.",
      valueName: "auto|sixel|kitty|iterm|blocks|ascii"))
  var graphics: GraphicsChoice = .auto

  func validate() throws {
    if presets.count > 2 { throw ValidationError("the editor opens two presets at most") }
    if seed != nil, !presets.isEmpty {
      throw ValidationError("--seed and a preset both say which face to start with")
    }
  }

  func run() throws {
    let opened = try open()
    let session = try TerminalSession(
      TerminalSession.Options(
        graphics: graphics, variables: ProcessInfo.processInfo.environment))
    let loaded = try model.load()
    for (preset, name) in zip(opened, presets) {
      try preset.requireModel(loaded.reference, file: name)
    }
    let directions = try loaded.directions(for: opened.lazy.map(\.recipe), Interruption.never)
    for (preset, name) in zip(opened, presets) {
      try preset.validate(for: loaded.configuration, directions: directions, file: name)
    }
    let program = EditorProgram(
      model: loaded.forEditor(id: model.name, directions: directions),
      recipe: try recipe(opened, loaded: loaded, directions: directions),
      presetName: opened.first?.name,
      catalog: .ofUser(startedWith: loaded, named: model.name),
      wake: session.wake)
    let end = try session.run(program)
    if end != .finished { throw ExitCode(end.exitStatus) }
  }

  /// A single word that is neither a command nor a preset is more likely a slip of the first kind.
  private func open() throws -> [Preset] {
    let arguments = presets.map { PresetArgument($0, library: .ofUser) }
    if arguments.count == 1, !arguments[0].isPath, try arguments[0].find() == nil {
      throw Failure.usage("there is no command and no preset '\(presets[0])' (see 'mien --help')")
    }
    return try arguments.map { try $0.load() }
  }

  private func recipe(
    _ presets: [Preset], loaded: LoadedModel, directions: DirectionLibrary
  ) throws -> Recipe {
    guard var recipe = presets.first?.recipe else {
      return .newFace(seed: seed ?? 42, for: loaded.configuration)
    }
    if presets.count > 1 {
      let partner = try presets[1].recipe.ws(model: loaded.model, directions: directions)
      recipe.mix.append(
        Mix(
          latent: .ws(partner.values, rows: loaded.configuration.numWs), rows: .fine, weight: 1))
    }
    return recipe
  }
}

extension GraphicsChoice: ExpressibleByArgument {}

extension LoadedModel {
  /// - Parameter id: what `--model` calls it.
  func forEditor(id: String, directions: DirectionLibrary) -> EditorModel {
    EditorModel(
      name: reference.name, sha256: reference.sha256 ?? "", model: model, directions: directions,
      id: id,
      discover: { [self] in
        DirectionLibrary.discovering(model, cache: cache)?.all ?? []
      }, photos: PhotoService(for: self))
  }
}
