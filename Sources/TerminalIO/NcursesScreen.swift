package import Imaging
package import TUI

/// What the terminal shows, and the bytes that make it show something else. Cells go through
/// ncurses, pictures after them; nothing here touches a file descriptor.
package final class NcursesScreen {
  package struct Update {
    package var bytes: [UInt8] = []
    /// At least one picture is among the bytes.
    package var paintsPictures = false
    /// Pictures of the frame are missing on the screen, because painting was not allowed or the
    /// program had no pixels yet.
    package var owesPictures = false
  }

  /// A placement as it was last painted.
  private struct Painted {
    var placement: ImagePlacement
    var quality: ImageQuality
    var pieces: [Rect]
  }

  private let grid: NcursesGrid
  private var painter: PicturePainter
  /// By place in the frame's list.
  private var painted: [Painted?] = []
  private var isInvalid = true

  package init(
    environment: TerminalEnvironment, capabilities: Capabilities
  ) throws(TerminalError) {
    grid = try NcursesGrid(environment: environment, colors: capabilities.colors)
    painter = PicturePainter(capabilities: capabilities)
  }

  package var capabilities: Capabilities { painter.capabilities }

  /// Sequences for the end, see `PicturePainter.farewell`.
  package var farewell: [UInt8] { painter.farewell }

  package func resize(to size: Size) {
    grid.resize(to: size)
    invalidate()
  }

  /// The terminal told more about itself, or was changed by its user.
  package func adopt(_ capabilities: Capabilities) {
    painter = PicturePainter(capabilities: capabilities)
    invalidate()
  }

  /// The screen was used by others: everything is drawn again.
  package func invalidate() {
    grid.invalidate()
    painted = []
    isInvalid = true
  }

  /// How much of a moving picture is sent.
  package var draftQuality: DraftQuality {
    get { painter.draftQuality }
    set { painter.draftQuality = newValue }
  }

  /// Does what the next moving picture would have to wait for.
  package func prepareDrafts() { painter.prepareDrafts() }

  /// The bytes that turn what is shown into `frame`.
  ///
  /// - Parameters:
  ///   - mayPaint: whether pictures may be among the bytes. Text always is.
  ///   - image: the pixels of a placement; nil leaves it for a later call.
  package func update(
    to frame: Frame, quality: ImageQuality, mayPaint: Bool, image: (Int) -> PixelImage?
  ) -> Update {
    var update = Update()
    let pieces = frame.placements.map { $0.rect.subtracting(frame.covered) }
    if !capabilities.textErasesPictures, picturesWouldStay(frame, pieces) { invalidate() }

    let cells = grid.update(to: frame)
    if grid.hasCleared {
      painted = []
      isInvalid = true
    }
    var pictures: [UInt8] = []
    if isInvalid, capabilities.graphics == .kitty { pictures += KittyGraphics.deleteAll }

    let gone = Set(painted.compactMap { $0?.placement.image })
      .subtracting(frame.placements.map(\.image))
    for id in gone { pictures += painter.remove(id: id) }

    var now: [Painted?] = []
    for (index, placement) in frame.placements.enumerated() {
      let before = index < painted.count ? painted[index] : nil
      guard needsPainting(placement, pieces[index], before, quality) else {
        now.append(
          before.map { Painted(placement: placement, quality: $0.quality, pieces: pieces[index]) })
        continue
      }
      if pieces[index].isEmpty {
        now.append(Painted(placement: placement, quality: .still, pieces: []))
      } else if mayPaint, let pixels = image(placement.image) {
        pictures += painter.paint(
          pixels, at: placement.rect, pieces: pieces[index], id: placement.image, quality: quality)
        now.append(Painted(placement: placement, quality: quality, pieces: pieces[index]))
        update.paintsPictures = true
      } else {
        // Remember what is there, but as nothing that could pass for what should be there.
        now.append(nil)
        update.owesPictures = true
      }
    }
    painted = now
    isInvalid = false

    guard !cells.isEmpty || !pictures.isEmpty else { return update }
    if capabilities.synchronizesUpdates { update.bytes += Array("\u{1b}[?2026h".utf8) }
    update.bytes += cells
    if !pictures.isEmpty {
      // Where a picture leaves the cursor differs between terminals; ncurses must not notice.
      update.bytes += [0x1b, 0x37] + pictures + [0x1b, 0x38]
    }
    if capabilities.synchronizesUpdates { update.bytes += Array("\u{1b}[?2026l".utf8) }
    return update
  }

  private func needsPainting(
    _ placement: ImagePlacement, _ pieces: [Rect], _ before: Painted?, _ quality: ImageQuality
  ) -> Bool {
    guard let before, before.placement == placement else { return true }
    if before.quality == .draft, quality == .still { return true }
    // Cells a popup gave back are empty now. Cells it took need nothing where text covers pictures.
    if capabilities.graphics == .kitty { return before.pieces != pieces }
    return pieces.contains { !$0.subtracting(before.pieces).isEmpty }
  }

  /// Whether a picture, or a part of one, that is shown now would shine through the frame's text,
  /// in a terminal where text does not erase it.
  private func picturesWouldStay(_ frame: Frame, _ pieces: [[Rect]]) -> Bool {
    let after = pieces.flatMap { $0 }
    return painted.contains { before in
      before?.pieces.contains { !$0.subtracting(after).isEmpty } ?? false
    }
  }
}
