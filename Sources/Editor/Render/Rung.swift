import StyleGAN

/// A step of the ladder from the quickest picture to the best one.
struct Rung: Hashable, Sendable {
  /// Pixels a side.
  var resolution: Int
  var precision: SynthesisPrecision

  init(_ resolution: Int, _ precision: SynthesisPrecision = .full) {
    self.resolution = resolution
    self.precision = precision
  }

  /// All that a model offers, the best first. Size comes before precision: a draft differs from
  /// the full picture by less than the eye sees.
  static func ladder(sizes: [Int], hasDrafts: Bool) -> [Rung] {
    sizes.reversed().flatMap { size in
      hasDrafts ? [Rung(size), Rung(size, .draft)] : [Rung(size)]
    }
  }

  /// The rungs to show on the way from a picture that moved to the full one, which is the last.
  /// Each has four times as many pixels a side as the one before; what it computes stays useful to
  /// the next.
  static func refinements(after shown: Int, to full: Int, among sizes: [Int]) -> [Rung] {
    var result = [Rung(full)]
    var size = full / 4
    while size >= 2 * shown, sizes.contains(size) {
      result.insert(Rung(size), at: 0)
      size /= 4
    }
    return result
  }
}
