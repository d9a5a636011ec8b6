package import TUI

/// Where the parts of the film page are: a picture, what is set, and the strip of keyframes.
package struct FilmLayout: Hashable, Sendable {
  package struct Slot: Hashable, Sendable {
    package let index: Int
    package let rect: Rect
    /// Empty where there is no room for pictures.
    package let picture: Rect
    package let name: Rect
    package let time: Rect
  }

  package let picture: Rect
  package let status: Rect
  package let settings: Rect
  package let divider: Rect
  /// The line with the film's length over the strip, marked where the playback is.
  package let ruler: Rect
  package private(set) var slots: [Slot] = []

  package init(_ page: PageLayout, screen: TerminalTraits, count: Int, selected: Int) {
    var inside = page.border.inset(columns: 1, rows: 1)
    let hasPictures = inside.size.rows >= 16
    // As high as leaves the film itself twice as much.
    let pictureRows = hasPictures ? max(3, min(8, inside.size.rows / 4)) : 0
    var strip = inside.takeBottom(pictureRows + 3).inset(columns: 1)
    ruler = strip.takeTop(1)
    let wanted = screen.fit(
      width: 1, height: 1,
      in: Rect(column: 0, row: 0, columns: 40, rows: pictureRows)).size
    let width = max(hasPictures ? wanted.columns + 1 : 0, 11)
    let room = max(1, strip.size.columns / width)
    let first = min(max(0, selected - room / 2), max(0, count - room))
    for index in first..<min(count, first + room) {
      var rect = strip.takeLeft(min(width, strip.size.columns))
      let whole = rect
      var picture = rect.takeTop(pictureRows)
      picture = screen.fit(
        width: 1, height: 1,
        in: Rect(
          column: picture.origin.column, row: picture.origin.row,
          columns: max(0, picture.size.columns - 1), rows: picture.size.rows))
      let name = rect.takeTop(1)
      slots.append(
        Slot(
          index: index, rect: whole, picture: picture,
          name: Rect(
            column: name.origin.column, row: name.origin.row, columns: name.size.columns - 1,
            rows: 1),
          time: Rect(
            column: rect.origin.column, row: rect.origin.row, columns: name.size.columns - 1,
            rows: 1)))
    }
    let side = min(
      inside.size.columns * 3 / 5,
      max(8, inside.size.rows * screen.cell.height / max(1, screen.cell.width) + 3))
    var left = inside.takeLeft(side)
    divider = inside.takeLeft(1)
    status = left.takeBottom(1).inset(columns: 1)
    picture = screen.fit(width: 1, height: 1, in: left.inset(columns: 1), limit: 512)
    settings = inside.inset(columns: 1)
  }
}
