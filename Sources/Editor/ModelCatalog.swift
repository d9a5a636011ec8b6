package import Latents

/// The models that the editor can switch among; tests put something else in its place.
package struct ModelCatalog: Sendable {
  /// What a model being loaded is told and asked.
  package struct Loading: Sendable {
    /// Takes a few words on what is being done.
    package var progress: @Sendable (String) -> Void
    /// Once true, nobody waits for the model any more.
    package var isCancelled: @Sendable () -> Bool
  }

  /// Called on a thread of its own, as it may look into files.
  package var models: @Sendable () -> [ModelListing]
  /// Called on a thread of its own; errors are shown by their description.
  package var load: @Sendable (ModelListing, Loading) throws -> EditorModel
  /// What the editor uses while it works with a model.
  package var services: @Sendable (ModelReference) -> EditorServices

  package init(
    models: @escaping @Sendable () -> [ModelListing],
    load: @escaping @Sendable (ModelListing, Loading) throws -> EditorModel,
    services: @escaping @Sendable (ModelReference) -> EditorServices
  ) {
    self.models = models
    self.load = load
    self.services = services
  }
}
