import Imaging
import TUI

/// The photo page: the mouse on the photo.
extension State {
  mutating func pressOnPhoto(
    _ target: Region.Target, _ rect: Rect, at position: Point, isDouble: Bool
  ) -> [Command] {
    guard target == .photo, let place = photoPlace(of: position, in: rect) else { return [] }
    if photo.marking != nil {
      photo.marking?.cursor = place
      setMark()
      return []
    }
    guard photo.projection == nil else { return [] }
    if isDouble {
      photo.grip = nil
      photo.set(photo.start)
      return []
    }
    let crop = photo.crop
    let point = crop.point(place.x, place.y)
    let isInside = (0...1).contains(point.u) && (0...1).contains(point.v)
    if isAtCorner(position, in: rect) {
      photo.grip = .corner
    } else if isInside {
      photo.grip = .square(across: place.x - crop.x, down: place.y - crop.y)
    } else {
      photo.move(across: place.x - crop.x, down: place.y - crop.y)
      photo.grip = .square(across: 0, down: 0)
    }
    return []
  }

  mutating func dragOnPhoto(to position: Point) {
    guard let grip = photo.grip, let page, let rect = photoLayout(page).photo,
      let place = photoPlace(of: position, in: rect)
    else { return }
    let crop = photo.crop
    switch grip {
    case .square(let across, let down):
      photo.move(across: place.x - across - crop.x, down: place.y - down - crop.y)
    case .corner:
      let point = crop.point(place.x, place.y)
      // From the middle to the side, as a share of what it is.
      photo.zoom(by: max(0.02, 2 * max(abs(point.u - 0.5), abs(point.v - 0.5))))
    }
  }

  /// Rolls closer or wider; with shift it turns, with ctrl both are finer.
  mutating func wheelOnPhoto(_ sign: Int, _ modifiers: Modifiers) -> [Command] {
    guard photo.projection == nil, photo.marking == nil, photo.photo != nil else { return [] }
    let step: Step = modifiers.contains(.control) ? .fine : .normal
    return performOnPhoto(
      modifiers.contains(.shift) ? .turn(sign, step) : .zoom(sign, step), chord: nil)
  }

  /// The place in the photo under the middle of a cell.
  private func photoPlace(of position: Point, in rect: Rect) -> FaceMarks.Point? {
    guard let shown = photo.photo, !rect.isEmpty else { return nil }
    let across = (Double(position.column - rect.origin.column) + 0.5) / Double(rect.size.columns)
    let down = (Double(position.row - rect.origin.row) + 0.5) / Double(rect.size.rows)
    return FaceMarks.Point(
      x: min(max(across, 0), 1) * Double(shown.width),
      y: min(max(down, 0), 1) * Double(shown.height))
  }

  /// Whether a cell is at one of the square's corners, where the square is large enough to have
  /// anything else.
  private func isAtCorner(_ position: Point, in rect: Rect) -> Bool {
    guard let shown = photo.photo else { return false }
    let columns = Double(rect.size.columns) / Double(shown.width)
    let rows = Double(rect.size.rows) / Double(shown.height)
    guard photo.crop.size * rows >= 4 else { return false }
    return [(0.0, 0.0), (0, 1), (1, 0), (1, 1)].contains { u, v in
      let corner = photo.crop.place(u, v)
      let column = corner.x * columns + Double(rect.origin.column) - 0.5
      let row = corner.y * rows + Double(rect.origin.row) - 0.5
      return abs(column - Double(position.column)) <= 1.5 && abs(row - Double(position.row)) <= 0.75
    }
  }
}
