/// How each role on the screen looks. One accent colour; everything else is the terminal's own
/// foreground, bold or dim, so that it reads on dark and light backgrounds alike.
package struct Theme: Hashable, Sendable {
  package var text = CellStyle.plain
  /// Names of sections and keys, values at rest.
  package var dim: CellStyle
  /// Titles, the name of what has the focus.
  package var strong: CellStyle
  /// What a person has changed, and the knob of the slider that has the focus.
  package var accent: CellStyle
  /// The value being typed or moved.
  package var focus: CellStyle
  package var border: CellStyle
  package var popupBorder: CellStyle
  package var error: CellStyle

  /// For a terminal with colours.
  package static let colored: Theme = {
    let accent = CellStyle(foreground: .rgb(224, 138, 92))
    return Theme(
      dim: CellStyle.plain.dim, strong: CellStyle.plain.bold, accent: accent, focus: accent.bold,
      border: CellStyle.plain.dim, popupBorder: accent,
      error: CellStyle(foreground: .rgb(224, 82, 82)).bold)
  }()

  /// Attributes only, as NO_COLOR asks: bold for what was changed, reversed for the focus.
  package static let monochrome = Theme(
    dim: CellStyle.plain.dim, strong: CellStyle.plain.bold, accent: CellStyle.plain.bold,
    focus: CellStyle.plain.bold.reversed, border: CellStyle.plain.dim,
    popupBorder: CellStyle.plain, error: CellStyle.plain.bold.reversed)

  package init(
    text: CellStyle = .plain, dim: CellStyle, strong: CellStyle, accent: CellStyle,
    focus: CellStyle, border: CellStyle, popupBorder: CellStyle, error: CellStyle
  ) {
    self.text = text
    self.dim = dim
    self.strong = strong
    self.accent = accent
    self.focus = focus
    self.border = border
    self.popupBorder = popupBorder
    self.error = error
  }
}

extension CellStyle {
  package var bold: CellStyle {
    var style = self
    style.isBold = true
    return style
  }
  package var dim: CellStyle {
    var style = self
    style.isDim = true
    return style
  }
  package var reversed: CellStyle {
    var style = self
    style.isReversed = true
    return style
  }
}
