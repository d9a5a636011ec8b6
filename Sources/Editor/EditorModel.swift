package import Latents
package import StyleGAN

/// A model as the editor needs it.
package struct EditorModel: Sendable {
  /// As in the list of models.
  package var id: String
  package var name: String
  /// Of the checkpoint, lower-case hexadecimal.
  package var sha256: String
  package var model: any LatentModel
  /// Those at hand at once: the attributes, and components if they were found before.
  package var directions: DirectionLibrary
  /// Finds the components; runs on a thread of its own after the first picture. It may take
  /// seconds, and may throw an error whose description can be shown.
  package var discover: @Sendable () throws -> [Direction]
  /// Finds photos in its latent space; nil where nothing can.
  package var photos: PhotoService?

  package init(
    name: String, sha256: String, model: any LatentModel, directions: DirectionLibrary,
    id: String? = nil, discover: (@Sendable () throws -> [Direction])? = nil,
    photos: PhotoService? = nil
  ) {
    self.id = id ?? name
    self.name = name
    self.sha256 = sha256
    self.model = model
    self.directions = directions
    self.discover =
      discover ?? { DirectionDiscovery().components(of: model) ?? [] }
    self.photos = photos
  }

  package var summary: ModelSummary {
    ModelSummary(name: name, sha256: sha256, configuration: model.configuration, id: id)
  }
}
