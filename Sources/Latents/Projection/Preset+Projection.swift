import Tensors

extension Preset {
  /// How a projected latent was found; kept in the preset beside its recipe.
  package struct ProjectionRecord: Sendable {
    /// SHA-256 of the photo's file.
    package var photo: String
    /// x, y, size, angle of the part that was projected, in the photo's pixels.
    package var crop: [Float]
    /// What pictures were compared by.
    package var features: String
    package var space: ProjectionSettings.Space
    package var noiseMaps: ProjectionSettings.NoiseMaps
    /// Of the steps, and those taken.
    package var steps: (planned: Int, taken: Int)
    package var distance: Float

    package init(
      photo: String, crop: [Float], features: String, settings: ProjectionSettings, taken: Int,
      distance: Float
    ) {
      self.photo = photo
      self.crop = crop
      self.features = features
      space = settings.space
      noiseMaps = settings.noiseMaps
      steps = (settings.steps, taken)
      self.distance = distance
    }

    package var json: JSONDocument {
      .object(
        JSONMembers([
          "photo": .string(photo), "crop": .array(crop.map { .number($0) }),
          "features": .string(features), "space": .string(space.rawValue),
          "noise": .string(noiseMaps.rawValue), "steps": .number(steps.taken),
          "of": .number(steps.planned), "distance": .number(distance),
        ]))
    }
  }

  /// The preset of a projection's best latent: a point of W, or of W+.
  package init(
    name: String, model: ModelReference, best: Projector.Best, record: ProjectionRecord
  ) {
    let width = best.ws.shape[1]
    let values = best.ws.values
    let latent: LatentSource =
      record.space == .w
      ? .w(Array(values.prefix(width))) : .ws(values, rows: best.ws.shape[0])
    var document = JSONMembers()
    document["projection"] = record.json
    self.init(name: name, model: model, recipe: Recipe(latent: latent), document: document)
  }
}
