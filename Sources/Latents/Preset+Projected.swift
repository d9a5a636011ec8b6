extension Preset {
  /// What the file says of how its latent was found in a photo; nil for other faces.
  package var projection: JSONDocument? {
    get { document["projection"] }
    set { document["projection"] = newValue }
  }
}
