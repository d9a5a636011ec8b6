import ArgumentParser
import Latents
import StyleGAN

struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Make pictures of seeds or presets.",
    discussion: """
      A seed gives the same z as in the reference tools: NumPy's RandomState(seed).randn. Where \
      the output ends in .png or .ppm it is one picture (or one sheet, with --grid); .npy is \
      float32 [N, C, H, W], the network's output, not clamped; .npz has the arrays images, z, w \
      (before truncation) and ws (after). Anything else is a folder, for seed0042.png and so on. \
      A PNG carries its recipe, a preset, in the text chunk 'mien'.
      """)

  @OptionGroup var model: ModelOption

  @Option(
    help: ArgumentHelp("The seeds: 7, 0-35 or 3,8,12-19.", valueName: "seeds"),
    transform: { try SeedList(parsing: $0) })
  var seeds: SeedList?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Presets to render: files, or names in your library.", valueName: "preset"))
  var preset: [String] = []

  @OptionGroup var sampling: SamplingOptions

  @Option(
    help: ArgumentHelp(
      "What a seed draws: z, which the mapping network turns into w, or w itself, from a normal distribution with the mean and covariance of W.",
      valueName: "z|w"))
  var space: SamplingSpace = .z

  @Option(
    help: ArgumentHelp("All pictures on one sheet.", valueName: "COLSxROWS"),
    transform: { try GridSize(parsing: $0) })
  var grid: GridSize?

  @Flag(help: "Render presets that were made for another model all the same.")
  var force = false

  @Option(name: .shortAndLong, help: ArgumentHelp("File or folder.", valueName: "path"))
  var output: String

  func validate() throws {
    guard seeds != nil || !preset.isEmpty else {
      throw ValidationError("Missing expected argument '--seeds <seeds>' or '--preset <preset>'")
    }
    if space == .w {
      if seeds == nil { throw ValidationError("--space says what seeds mean; give --seeds") }
      if sampling.classIndex != nil {
        throw ValidationError("--class chooses how z is mapped; it has no meaning with --space w")
      }
    }
  }

  func run() throws {
    let interruption = Interruption()
    let destination = Destination(output)
    try destination.requireKnownEnding()
    let count = (seeds?.count ?? 0) + preset.count
    try requireFit(destination, count: count)
    let loaded = try model.load()
    if destination.kind == .npy || destination.kind == .npz {
      try ArrayCollector(loaded.configuration).requireRoom(for: count, path: output)
    }
    let pictures = try list(for: loaded, interruption: interruption)
    let directions = try loaded.directions(
      for: pictures.entries.lazy.map(\.preset.recipe), interruption)
    for entry in pictures.entries {
      try entry.validate(for: loaded.configuration, directions: directions)
    }
    let batch = try PictureBatch(
      pictures, loaded: loaded, destination: destination, grid: grid)
    try batch.run(
      PictureRenderer(loaded, directions: directions, interruption: interruption))
  }

  /// What the output's kind can hold, as far as the command line alone tells.
  private func requireFit(_ destination: Destination, count: Int) throws(Failure) {
    guard count <= PictureList.limit else {
      throw .usage("more than \(PictureList.limit) pictures were asked for")
    }
    switch (destination.kind, grid) {
    case (.png, let grid?), (.ppm, let grid?):
      guard count <= grid.count else {
        throw .usage("\(count) pictures do not fit a grid of \(grid)")
      }
    case (.png, nil), (.ppm, nil):
      guard count == 1 else {
        throw .usage(
          "\(output): \(count) pictures do not fit one file; give a folder or --grid COLSxROWS")
      }
    case (_, .some):
      throw .usage("\(output): --grid makes one .png or .ppm")
    case (_, nil): break
    }
  }

  private func list(
    for loaded: LoadedModel, interruption: Interruption
  ) throws -> PictureList {
    var list = PictureList()
    if let seeds {
      let sampler = try SeedSampler(
        space, model: loaded.model, interruption: interruption)
      for seed in seeds {
        let name = PictureEntry.name(seed: seed)
        var recipe = Recipe(
          latent: sampler.latent(of: seed, classIndex: sampling.classIndex),
          noise: NoiseSetting(seed: seed))
        sampling.apply(to: &recipe)
        list.append(
          PictureEntry(
            name: name, preset: Preset(name: name, model: loaded.reference, recipe: recipe)))
      }
    }
    for text in preset {
      let argument = PresetArgument(text, library: .ofUser)
      var preset = try argument.load()
      if force {
        preset.model = loaded.reference
      } else {
        try preset.requireModel(loaded.reference, file: text)
      }
      sampling.apply(to: &preset.recipe)
      list.append(PictureEntry(name: argument.stem, preset: preset, source: text))
    }
    return list
  }
}
