/// Everything that determines a picture, given the model: a preset is one on disk, undo is an array
/// of them.
///
/// Order of meaning: map z → w, truncate, mix rows, add edits, synthesise.
package struct Recipe: Hashable, Sendable {
  package var latent: LatentSource
  /// Applies to `latent` and to mixed latents alike, where they come from a seed or from W; never
  /// to W+ latents and never to edits.
  package var truncation: Truncation
  /// Applied in order: a later one covers an earlier one where both own a row.
  package var mix: [Mix]
  package var edits: [Edit]
  package var noise: NoiseSetting

  package init(
    latent: LatentSource, truncation: Truncation = Truncation(), mix: [Mix] = [],
    edits: [Edit] = [], noise: NoiseSetting = NoiseSetting()
  ) {
    self.latent = latent
    self.truncation = truncation
    self.mix = mix
    self.edits = edits
    self.noise = noise
  }
}
