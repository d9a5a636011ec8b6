/// Where a face comes from, before truncation, mixing and editing.
package enum LatentSource: Hashable, Sendable {
  /// The z of NumPy's `RandomState(seed)`, mapped to w. The class counts for conditional networks
  /// only; there nil means class 0.
  case seed(UInt32, classIndex: Int? = nil)
  /// A point of W, [w_dim], before truncation.
  case w([Float])
  /// A point of W+, `rows` rows, as a projection finds it. It is used as it is: truncation does
  /// not touch it, since it was fitted to its picture as it stands.
  case ws([Float], rows: Int)

  /// Whether the recipe's ψ has an effect on this latent.
  package var isTruncated: Bool {
    switch self {
    case .seed, .w: true
    case .ws: false
    }
  }

  /// Whether there is a z to move.
  package var hasZ: Bool { if case .seed = self { true } else { false } }
}
