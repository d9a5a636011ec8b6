/// A model as the list shows it.
package struct ModelListing: Hashable, Sendable {
  /// What opens it; no two models have the same.
  package var id: String
  package var name: String
  /// "StyleGAN2"; empty where the file cannot be read.
  package var family: String
  /// Pixels a side.
  package var resolution: Int
  /// Why it cannot be used, if it cannot.
  package var problem: String?

  package init(
    id: String, name: String, family: String, resolution: Int, problem: String? = nil
  ) {
    self.id = id
    self.name = name
    self.family = family
    self.resolution = resolution
    self.problem = problem
  }
}

/// The list of models.
package struct ModelList: Hashable, Sendable {
  package var entries: [ModelListing]
  package private(set) var selected = 0

  package init(_ entries: [ModelListing]) { self.entries = entries }

  package mutating func select(_ index: Int) {
    selected = min(max(index, 0), entries.count - 1)
  }
}

/// A model that is being loaded while the page goes on with another.
package struct ModelLoad: Hashable, Sendable {
  package var listing: ModelListing
  /// What is being done, a few words.
  package var progress: String
}
