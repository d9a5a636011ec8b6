/// Some rows of another face (style mixing, StyleGAN paper, §3.1).
package struct Mix: Hashable, Sendable {
  package var latent: LatentSource
  package var rows: LayerRange
  /// 0 keeps the face below, 1 replaces its rows; between, w is interpolated.
  package var weight: Float

  package init(latent: LatentSource, rows: LayerRange, weight: Float = 1) {
    self.latent = latent
    self.rows = rows
    self.weight = weight
  }
}
