package import StyleGAN

/// A named recipe, with the model it was made for: what a preset file holds.
package struct Preset: Hashable, Sendable {
  package var name: String
  package var model: ModelReference
  package var recipe: Recipe
  /// The document this was read from, so that what this program does not know survives rewriting.
  var document: JSONMembers

  package init(name: String, model: ModelReference, recipe: Recipe) {
    self.init(name: name, model: model, recipe: recipe, document: JSONMembers())
  }

  init(name: String, model: ModelReference, recipe: Recipe, document: JSONMembers) {
    self.name = name
    self.model = model
    self.recipe = recipe
    self.document = document
  }

  /// Makes sure that the preset was made for the model `loaded`.
  /// - Throws: `PresetError.Reason.otherModel`, which the caller may turn into a warning.
  package func requireModel(
    _ loaded: ModelReference, file: String? = nil
  ) throws(PresetError) {
    guard model.matches(loaded) else {
      throw PresetError(
        file: file ?? name, reason: .otherModel(preset: model, loaded: loaded))
    }
  }

  /// Makes sure that the recipe means something on a model.
  /// - Throws: `PresetError.Reason.recipe`: rows that do not fit, unknown directions, …
  package func validate(
    for configuration: GeneratorConfiguration, directions: DirectionLibrary, file: String? = nil
  ) throws(PresetError) {
    do {
      try recipe.validate(for: configuration, directions: directions)
    } catch {
      throw PresetError(file: file ?? name, reason: .recipe(error))
    }
  }
}
