package import Latents
package import StyleGAN
package import TUI

/// The whole editor as a value: `update` changes it, `view` shows it, nothing else is remembered.
package struct State: Hashable, Sendable {
  package let model: ModelSummary
  package var screen: TerminalTraits
  package var document: Document
  package var panel: Panel
  package var mix: MixPanel
  package var pictures = Pictures()
  package var mode = Mode.page
  package var gesture: Gesture?
  package var lastClick: Click?
  package var notice: Notice?
  package var loading: ModelLoad?
  package var film: FilmPage
  package var photo = PhotoPage()
  package var isFinished = false

  package init(
    model: ModelSummary, sliders: [SliderSpec], recipe: Recipe, presetName: String? = nil,
    screen: TerminalTraits = TerminalTraits(size: Size(columns: 80, rows: 24))
  ) {
    self.model = model
    self.screen = screen
    document = Document(
      recipe, label: presetName.map { "preset \($0)" } ?? recipe.latent.summary,
      presetName: presetName)
    panel = Panel(sliders: sliders)
    film = FilmPage(model: model.reference)
    mix = MixPanel(model.configuration)
    mix.follow(recipe.mix)
  }

  package var recipe: Recipe { document.recipe }

  package var theme: Theme { screen.colors == .none ? .monochrome : .colored }

  /// The picture that the current one is compared with.
  package var referenceRecipe: Recipe {
    if pictures.comparison == .partnerBeside, let partner = mix.partner {
      var recipe = recipe
      recipe.latent = partner
      recipe.mix = []
      recipe.edits = []
      return recipe
    }
    return document.history.start.recipe
  }
}

/// What the page says about the model.
package struct ModelSummary: Hashable, Sendable {
  /// As in the list of models.
  package var id: String
  package var name: String
  package var sha256: String
  package var configuration: GeneratorConfiguration

  /// - Parameter id: the name where it is left out.
  package init(
    name: String, sha256: String, configuration: GeneratorConfiguration, id: String? = nil
  ) {
    self.id = id ?? name
    self.name = name
    self.sha256 = sha256
    self.configuration = configuration
  }

  package var reference: ModelReference { ModelReference(name: name, sha256: sha256) }
}

extension LatentSource {
  /// A few words: `seed 42`.
  package var summary: String {
    switch self {
    case .seed(let seed, nil): "seed \(seed)"
    case .seed(let seed, let index?): "seed \(seed) class \(index)"
    case .w: "a point of W"
    case .ws: "a point of W+"
    }
  }

  package var seed: UInt32? {
    if case .seed(let seed, _) = self { seed } else { nil }
  }

  package var classIndex: Int? {
    if case .seed(_, let index) = self { index } else { nil }
  }
}
