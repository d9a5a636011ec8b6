package import Imaging
package import TUI

/// Turns pictures into the bytes that show them, in the way the terminal understands. Only the
/// `pieces` of a placement that nothing covers are painted, so a picture can change behind a popup.
package struct PicturePainter: Sendable {
  package let capabilities: Capabilities
  /// How much of a draft to send.
  package var draftQuality = DraftQuality.full
  private var drafts: [DraftPalette.Extent: DraftSixelEncoder] = [:]
  /// The picture that drafts take their colours from, and those that have not yet.
  private var paletteSource: PixelImage?
  private var outdated: Set<DraftPalette.Extent> = []
  /// kitty keeps pictures by number; each of ours alternates between two, so that the new one can
  /// be shown before the old one goes.
  private var kittyNumbers: [Int: Int] = [:]

  package init(capabilities: Capabilities) {
    self.capabilities = capabilities
  }

  package mutating func paint(
    _ image: PixelImage, at rect: Rect, pieces: [Rect], id: Int, quality: ImageQuality
  ) -> [UInt8] {
    switch capabilities.graphics {
    case .sixel: paintSixels(image, rect, pieces, quality)
    case .kitty: paintKitty(image, rect, pieces, id)
    case .iterm: paintITerm(image, rect, pieces)
    case .blocks:
      paintCells(
        HalfBlocks.cells(image, size: rect.size, depth: capabilities.colors), rect, pieces)
    case .ascii:
      paintCells(
        ASCIIArt.cells(
          image, size: rect.size, onLightBackground: capabilities.hasLightBackground),
        rect, pieces)
    }
  }

  /// What makes a picture disappear that is no longer placed, beyond writing text in its cells.
  package mutating func remove(id: Int) -> [UInt8] {
    guard let number = kittyNumbers.removeValue(forKey: id) else { return [] }
    return KittyGraphics.delete(id: number)
  }

  /// What the terminal needs to hear when it is given back.
  package var farewell: [UInt8] {
    capabilities.graphics == .kitty ? KittyGraphics.deleteAll : []
  }

  private func at(_ origin: Point, _ bytes: [UInt8]) -> [UInt8] {
    Array("\u{1b}[\(origin.row + 1);\(origin.column + 1)H".utf8) + bytes
  }

  /// A piece in the pixels of a picture that covers `rect`, cell for cell.
  private func part(_ piece: Rect, of rect: Rect) -> SixelEncoder.Part {
    let cell = capabilities.cell
    return .init(
      x: (piece.origin.column - rect.origin.column) * cell.width,
      y: (piece.origin.row - rect.origin.row) * cell.height,
      width: piece.size.columns * cell.width, height: piece.size.rows * cell.height)
  }

  private func stretched(_ image: PixelImage, _ rect: Rect) -> PixelImage {
    PictureScaler.scaled(
      image, width: rect.size.columns * capabilities.cell.width,
      height: rect.size.rows * capabilities.cell.height)
  }

  private mutating func paintSixels(
    _ image: PixelImage, _ rect: Rect, _ pieces: [Rect], _ quality: ImageQuality
  ) -> [UInt8] {
    let full = stretched(image, rect)
    let parts = pieces.map { part($0, of: rect) }
    if quality == .still {
      paletteSource = image
      outdated = Set(drafts.keys).union([draftQuality.palette])
      if let encoded = try? SixelEncoder.encode(full, parts: parts) {
        return zip(pieces, encoded).flatMap { piece, bytes in at(piece.origin, bytes) }
      }
      // libsixel ran out of memory or found no colours: the other encoder needs neither.
    }
    if paletteSource == nil { paletteSource = image }
    prepareDrafts()
    let extent = draftQuality.palette
    // One owner: its buffers are written to.
    guard var encoder = drafts.removeValue(forKey: extent) else { return [] }
    defer { drafts[extent] = encoder }
    var bytes: [UInt8] = []
    for (piece, part) in zip(pieces, parts) {
      bytes += at(
        piece.origin, encoder.encode(full, part: part, coarseness: draftQuality.coarseness))
    }
    return bytes
  }

  /// Chooses the colours of drafts by the last picture at rest, where that has not been done.
  /// Takes some milliseconds: best when nobody waits.
  package mutating func prepareDrafts() {
    guard capabilities.graphics == .sixel, let paletteSource else { return }
    let extent = draftQuality.palette
    guard outdated.contains(extent) || drafts[extent] == nil else { return }
    drafts[extent] = DraftSixelEncoder(palette: DraftPalette(for: paletteSource, extent))
    outdated.remove(extent)
  }

  private mutating func paintKitty(
    _ image: PixelImage, _ rect: Rect, _ pieces: [Rect], _ id: Int
  ) -> [UInt8] {
    let old = kittyNumbers[id]
    let number = old.map { $0 ^ 1 } ?? 2 * (id & 0xffff) + 0x4d_0000
    kittyNumbers[id] = number
    var bytes = KittyGraphics.transmit(image, id: number)
    for (index, piece) in pieces.enumerated() {
      // The terminal stretches, so the part is in the picture's own pixels.
      func scaled(_ cells: Int, _ extent: Int, _ pixels: Int) -> Int { cells * pixels / extent }
      let (columns, rows) = (rect.size.columns, rect.size.rows)
      let left = piece.origin.column - rect.origin.column
      let top = piece.origin.row - rect.origin.row
      let x = scaled(left, columns, image.width)
      let y = scaled(top, rows, image.height)
      let part = SixelEncoder.Part(
        x: x, y: y,
        width: max(1, scaled(left + piece.size.columns, columns, image.width) - x),
        height: max(1, scaled(top + piece.size.rows, rows, image.height) - y))
      bytes += at(
        piece.origin,
        KittyGraphics.place(id: number, placement: index + 1, part: part, over: piece.size))
    }
    if let old { bytes += KittyGraphics.delete(id: old) }
    return bytes
  }

  private func paintITerm(_ image: PixelImage, _ rect: Rect, _ pieces: [Rect]) -> [UInt8] {
    // A picture in one piece is stretched by the terminal; parts have to be cut at cells.
    let source = pieces == [rect] ? image : stretched(image, rect)
    return pieces.flatMap { piece -> [UInt8] in
      let part = part(piece, of: rect)
      let cut =
        pieces == [rect]
        ? source
        : PictureScaler.cropped(
          source, x: part.x, y: part.y, width: part.width, height: part.height)
      return at(piece.origin, ITermGraphics.show(png: PNG.encode(cut), over: piece.size))
    }
  }

  private func paintCells(_ cells: [Cell], _ rect: Rect, _ pieces: [Rect]) -> [UInt8] {
    var writer = CellWriter(depth: capabilities.colors)
    for piece in pieces {
      for row in piece.rows {
        writer.move(to: Point(column: piece.origin.column, row: row))
        let start =
          (row - rect.origin.row) * rect.size.columns + piece.origin.column - rect.origin.column
        for cell in cells[start..<start + piece.size.columns] { writer.put(cell) }
      }
    }
    writer.endStyle()
    return writer.bytes
  }
}
