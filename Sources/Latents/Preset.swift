/// A named recipe, with the model it was made for: what a preset file holds.
package struct Preset: Hashable, Sendable {
  package var name: String
  package var model: ModelReference
  package var recipe: Recipe

  package init(name: String, model: ModelReference, recipe: Recipe) {
    self.name = name
    self.model = model
    self.recipe = recipe
  }
}
