package import TUI

/// Where the parts of the page are. A pure function of the screen's size, the size of a cell in
/// pixels, and the model's resolution.
package struct PageLayout: Hashable, Sendable {
  /// What fits nothing less.
  package static let minimum = Size(columns: 40, rows: 12)
  /// Larger pictures only cost time on the wire.
  private static let pictureLimit = 512

  /// The border around everything; the title is on its first row.
  package let border: Rect
  /// One picture, or the reference and then the current one.
  package private(set) var pictures: [Rect] = []
  /// Below each picture of two.
  package private(set) var captions: [Rect] = []
  package let status: Rect
  /// The line between picture and panel.
  package let divider: Rect
  package let panel: Rect
  /// Key hints or a notice, on the last row.
  package let footer: Rect
  /// Whether the picture stands above the panel, not beside it.
  package let isStacked: Bool

  /// nil where the screen is smaller than `minimum`.
  package init?(screen: TerminalTraits, resolution: Int, isSideBySide: Bool) {
    let size = screen.size
    guard size.columns >= PageLayout.minimum.columns, size.rows >= PageLayout.minimum.rows else {
      return nil
    }
    border = Rect(column: 0, row: 0, columns: size.columns, rows: size.rows)
    footer = Rect(column: 2, row: size.rows - 1, columns: size.columns - 4, rows: 1)
    isStacked = size.columns < 60 && size.rows >= 32
    var inside = border.inset(columns: 1, rows: 1)
    var area: Rect
    if isStacked {
      area = inside.takeTop(inside.size.rows * 2 / 5)
      status = inside.takeTop(1).inset(columns: 1)
      divider = inside.takeTop(1)
    } else {
      let width = PageLayout.pictureColumns(
        inside: inside.size, screen: screen, resolution: resolution, count: isSideBySide ? 2 : 1)
      area = inside.takeLeft(width)
      divider = inside.takeLeft(1)
      status = area.takeBottom(1).inset(columns: 1)
    }
    // A free column on either side, where there is room for it.
    panel =
      inside.size.columns > PanelLayout.narrow + 2
      ? inside.inset(columns: 1) : inside.shrunkLeft(by: 1)
    area = area.inset(columns: 1)
    if isSideBySide {
      let captionRow = area.takeBottom(1)
      let half = (area.size.columns - 1) / 2
      for column in [area.origin.column, area.origin.column + half + 1] {
        let place = Rect(
          column: column, row: area.origin.row, columns: half, rows: area.size.rows)
        pictures.append(PageLayout.fit(place, screen: screen, resolution: resolution))
        captions.append(
          Rect(column: column, row: captionRow.origin.row, columns: half, rows: 1))
      }
    } else {
      pictures = [PageLayout.fit(area, screen: screen, resolution: resolution)]
    }
  }

  /// Columns for the left side: what the picture wants, as long as the panel keeps enough.
  private static func pictureColumns(
    inside: Size, screen: TerminalTraits, resolution: Int, count: Int
  ) -> Int {
    let available = inside.columns - 1
    let panelLeast =
      available < 70 ? max(21, available * 11 / 20) : count == 2 && available < 110 ? 30 : 42
    let panelMost = 72
    let height = (inside.rows - count) * screen.cell.height
    let side = pixelSide(available: height, screen: screen, resolution: resolution)
    let wanted = ((side + screen.cell.width - 1) / screen.cell.width + 1) * count + 1
    return max(min(wanted, available - panelLeast), available - panelMost)
  }

  /// A square of whole cells in the middle of `area`, a whole multiple of the model's resolution
  /// (or a whole fraction) wherever that does not waste the space.
  private static func fit(_ area: Rect, screen: TerminalTraits, resolution: Int) -> Rect {
    let available = min(
      area.size.columns * screen.cell.width, area.size.rows * screen.cell.height)
    let side = pixelSide(available: available, screen: screen, resolution: resolution)
    // Half a row more, so that whole rows come nearest to the wanted side.
    return screen.fit(width: 1, height: 1, in: area, limit: side + screen.cell.height / 2)
  }

  private static func pixelSide(
    available: Int, screen: TerminalTraits, resolution: Int
  ) -> Int {
    guard screen.graphics.isPixelExact else { return available }
    let limit = min(available, pictureLimit)
    if resolution <= limit {
      let side = limit / resolution * resolution
      return side * 4 >= limit * 3 ? side : limit
    }
    var side = resolution
    while side > limit, side > 1 { side /= 2 }
    return side * 5 >= limit * 4 ? side : limit
  }
}

extension Rect {
  fileprivate func shrunkLeft(by columns: Int) -> Rect {
    var rect = self
    _ = rect.takeLeft(columns)
    return rect
  }
}
