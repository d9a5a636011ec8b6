package import Latents

/// Everything done since the editor started, as recipes; undo is a step back in the list.
package struct History: Hashable, Sendable {
  package struct Step: Hashable, Sendable {
    package var recipe: Recipe
    /// What was done, a few words.
    package var label: String
    /// Whether a new face begins here: what before / after compares with.
    package var isStart: Bool
    /// What a preset says of how the face was found in a photo, where the step brought one.
    package var projection: JSONDocument?

    package init(
      _ recipe: Recipe, label: String, isStart: Bool = false, projection: JSONDocument? = nil
    ) {
      self.recipe = recipe
      self.label = label
      self.isStart = isStart
      self.projection = projection
    }
  }

  /// Never empty.
  package private(set) var steps: [Step]
  /// The step that is shown.
  package private(set) var index: Int

  package init(_ first: Step) {
    steps = [first]
    index = 0
  }

  /// - Precondition: at least one step, and an index among them.
  package init(steps: [Step], index: Int) {
    precondition(steps.indices.contains(index), "no step \(index) among \(steps.count)")
    self.steps = steps
    self.index = index
  }

  package var current: Step { steps[index] }
  package var canUndo: Bool { index > 0 }
  package var canRedo: Bool { index + 1 < steps.count }
  package var isAtEnd: Bool { !canRedo }

  /// The face as it was before the edits that led to the current step.
  package var start: Step {
    steps[...index].last { $0.isStart } ?? steps[0]
  }

  /// How the current face was found in a photo, if it was: edits of it are still that face.
  package var projection: JSONDocument? {
    steps[...index].last { $0.projection != nil && $0.recipe.latent == current.recipe.latent }?
      .projection
  }

  /// Adds a step after the current one; what had been undone is gone.
  package mutating func push(_ step: Step) {
    steps.removeSubrange((index + 1)...)
    steps.append(step)
    index += 1
  }

  /// Rewrites the current step while one movement goes on.
  package mutating func amend(recipe: Recipe, label: String) {
    steps[index].recipe = recipe
    steps[index].label = label
  }

  /// Removes the last step; - Precondition: it is the current one and not the only one.
  package mutating func dropLast() {
    precondition(isAtEnd && canUndo, "only a last step can be dropped")
    steps.removeLast()
    index -= 1
  }

  package mutating func move(to newIndex: Int) {
    index = min(max(newIndex, 0), steps.count - 1)
  }
}
