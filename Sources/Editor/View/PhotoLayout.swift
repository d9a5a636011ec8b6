package import TUI

/// Where the parts of the photo page are: the photo with its square and what the square holds, or
/// what is to be found beside what was found.
package struct PhotoLayout: Hashable, Sendable {
  /// The whole photo; nil while it is searched for.
  package private(set) var photo: Rect?
  /// What the square holds.
  package private(set) var target: Rect?
  /// The nearest face.
  package private(set) var found: Rect?
  /// A line below each of two pictures.
  package private(set) var captions: [Rect] = []
  package private(set) var divider: Rect?
  /// What is known, in words.
  package private(set) var facts: Rect
  /// What can be done, in words.
  package private(set) var advice: Rect
  package private(set) var chart: Rect?

  /// Larger pictures only cost time on the wire.
  private static let pictureLimit = 512
  private static let targetLimit = 256

  /// With a photo, or where it will be.
  /// - Parameters:
  ///   - photo: its pixels
  ///   - lines: of facts and of advice
  package static func square(
    _ page: PageLayout, screen: TerminalTraits, photo: (width: Int, height: Int)?,
    lines: (facts: Int, advice: Int)
  ) -> PhotoLayout {
    var inside = page.border.inset(columns: 1, rows: 1)
    var area: Rect
    let divider: Rect
    if page.isStacked {
      area = inside.takeTop(inside.size.rows / 2)
      divider = inside.takeTop(1)
    } else {
      let panel = max(min(40, inside.size.columns / 2), inside.size.columns * 2 / 5)
      area = inside.takeLeft(max(0, inside.size.columns - min(panel, 56) - 1))
      divider = inside.takeLeft(1)
    }
    area = area.inset(columns: 1)
    var panel = inside.size.columns > 24 ? inside.inset(columns: 1) : inside
    let facts = panel.takeTop(lines.facts)
    let advice = panel.takeBottom(min(lines.advice, panel.size.rows))
    var layout = PhotoLayout(facts: facts, advice: advice)
    layout.divider = divider
    guard let photo else { return layout }
    layout.photo = screen.fit(
      width: photo.width, height: photo.height, in: area, limit: pictureLimit)
    // A line of air on either side.
    panel = panel.inset(rows: 1)
    let target = screen.fit(width: 1, height: 1, in: panel, limit: targetLimit)
    if target.size.rows >= 4 {
      layout.target = Rect(
        column: panel.origin.column, row: panel.origin.row, columns: target.size.columns,
        rows: target.size.rows)
    }
    return layout
  }

  /// Two pictures side by side, the facts beside or below them, the curve under all.
  package static func projection(
    _ page: PageLayout, screen: TerminalTraits, lines: (facts: Int, advice: Int)
  ) -> PhotoLayout {
    var inside = page.border.inset(columns: 1, rows: 1)
    var chart = inside.takeBottom(
      inside.size.rows < 14 ? 3 : min(14, max(6, inside.size.rows * 3 / 10)))
    let divider = chart.takeTop(1)
    var text: Rect
    if page.isStacked {
      text = inside.takeBottom(min(lines.facts + lines.advice + 1, inside.size.rows / 2))
    } else {
      let width = inside.size.columns < 60 ? 15 : 30
      text = inside.takeRight(width)
    }
    text = text.inset(columns: inside.size.columns < 30 ? 0 : 1)
    let facts = text.takeTop(lines.facts)
    let advice = text.takeBottom(min(lines.advice, text.size.rows))
    var layout = PhotoLayout(facts: facts, advice: advice)
    layout.divider = divider
    layout.chart = chart.inset(columns: 1)
    inside = inside.inset(columns: 1)
    let names = inside.takeBottom(1)
    let half = max(0, (inside.size.columns - 1) / 2)
    let places = [inside.origin.column, inside.origin.column + half + 1].map { column in
      screen.fit(
        width: 1, height: 1,
        in: Rect(column: column, row: inside.origin.row, columns: half, rows: inside.size.rows),
        limit: pictureLimit)
    }
    layout.target = places[0]
    layout.found = places[1]
    layout.captions = places.map { place in
      // Close to the picture, wherever that ends.
      Rect(
        column: place.origin.column, row: min(place.rows.upperBound, names.origin.row),
        columns: max(place.size.columns, 1), rows: 1)
    }
    return layout
  }

  private init(facts: Rect, advice: Rect) {
    self.facts = facts
    self.advice = advice
  }
}
