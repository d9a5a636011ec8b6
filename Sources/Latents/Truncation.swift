/// The truncation trick: w pulled towards the tracked average of W (StyleGAN paper, appendix B).
package struct Truncation: Hashable, Sendable {
  /// 1 leaves w as it is, 0 gives the average face; negative is the opposite of the face.
  package var psi: Float
  /// Rows below this are truncated, the others left alone; nil truncates all.
  package var cutoff: Int?

  package init(psi: Float = 1, cutoff: Int? = nil) {
    self.psi = psi
    self.cutoff = cutoff
  }

  /// w on each of `rows` rows, truncated: w_l ← average + ψ (w − average) for l < cutoff.
  ///
  /// ψ = 1 gives w to the last bit.
  package func apply(to w: Latent<W>, average: Latent<W>, rows: Int) -> Latent<WPlus> {
    let plain = w.broadcast(rows: rows)
    let truncated = max(0, min(cutoff ?? rows, rows))
    guard psi != 1, truncated > 0 else { return plain }
    var result = plain
    result.blend(
      average.interpolated(to: w, weight: psi).broadcast(rows: rows), rows: 0..<truncated,
      weight: 1)
    return result
  }
}
