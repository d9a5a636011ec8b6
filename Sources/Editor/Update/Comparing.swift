/// Before and after.
extension State {
  /// Shows the start instead of the picture, or the picture again.
  mutating func flip(held: Bool = false) -> [Command] {
    closeGesture()
    if pictures.comparison.isFlipped {
      pictures.comparison = .off
      return []
    }
    pictures.comparison = .flipped(held: held)
    return requestReference()
  }

  /// Off, the start beside the picture, face B beside it, off.
  mutating func nextComparison() -> [Command] {
    switch pictures.comparison {
    case .off, .flipped: pictures.comparison = .startBeside
    case .startBeside: pictures.comparison = mix.partner == nil ? .off : .partnerBeside
    case .partnerBeside: pictures.comparison = .off
    }
    revealFocus()
    return requestReference()
  }
}
