import Latents
import StyleGAN
package import TUI

/// The screen for a state. Pure; pictures are placed by number, their pixels come later.
package func view(_ state: State) -> Frame {
  var frame = Frame(size: state.screen.size)
  guard let page = state.page else {
    state.drawTooSmall(&frame)
    return frame
  }
  frame.box(page.border, style: state.theme.border)
  state.drawTitle(&frame, page)
  if case .help(let offset) = state.mode {
    state.drawHelp(&frame, page, offset: offset)
  } else if state.film.isOpen {
    state.drawFilm(&frame, page)
    state.drawPopup(&frame, page)
  } else if state.photo.isOpen {
    state.drawPhotoPage(&frame, page)
    state.drawPopup(&frame, page)
  } else {
    state.drawDivider(&frame, page)
    state.drawPictures(&frame, page)
    state.drawPanel(&frame, page)
    state.drawPopup(&frame, page)
  }
  state.drawFooter(&frame, page)
  return frame
}

extension State {
  fileprivate func drawTooSmall(_ frame: inout Frame) {
    let least = PageLayout.minimum
    let size = screen.size
    let lines = [
      "mien needs at least \(least.columns)×\(least.rows)", "this is \(size.columns)×\(size.rows)",
    ]
    let top = max(0, (size.rows - lines.count) / 2)
    for (index, line) in lines.enumerated() where top + index < size.rows {
      let text = line.truncated(toColumns: size.columns)
      frame.put(
        text, column: (size.columns - text.columns) / 2, row: top + index,
        style: index == 0 ? theme.text : theme.dim)
    }
  }

  /// `┌ mien ─ studio 256² ─ seed 42 ─ ψ 0.70 ─ morning ★ ───┐`
  fileprivate func drawTitle(_ frame: inout Frame, _ page: PageLayout) {
    var parts: [(String, CellStyle)] = [
      ("mien", theme.focus.unreversed),
      ("\(model.name) \(model.configuration.resolution)²", theme.text),
      (recipe.latent.summary, theme.strong),
      ("ψ \(NumberText.hundredths(recipe.truncation.psi))", theme.text),
    ]
    if let name = document.presetName {
      parts.append((name + (document.isChanged ? " *" : ""), theme.strong))
    }
    if let making = film.making, !film.isOpen, making.total > 0 {
      parts.append(("film \(100 * making.done / making.total) %", theme.accent))
    }
    if let words = photoProgress { parts.append((words, theme.accent)) }
    let clip = Rect(column: 2, row: 0, columns: page.border.size.columns - 4, rows: 1)
    var column = clip.origin.column
    for (index, (text, style)) in parts.enumerated() {
      guard column + text.columns + 4 <= page.border.columns.upperBound else { break }
      if index > 0 { column = frame.put("─", column: column, row: 0, style: theme.border) }
      let from = index == 0 ? column - 1 : column
      column = frame.put(" " + text + " ", column: from, row: 0, style: style, clip: page.border)
    }
  }

  fileprivate func drawDivider(_ frame: inout Frame, _ page: PageLayout) {
    let line = page.divider
    if page.isStacked {
      frame.fill(line, with: "─", style: theme.border)
      frame.put("├", column: 0, row: line.origin.row, style: theme.border)
      frame.put(
        "┤", column: page.border.size.columns - 1, row: line.origin.row, style: theme.border)
    } else {
      frame.fill(line, with: "│", style: theme.border)
      let above = frame[line.origin.column, 0]
      if above.text == "─" {
        frame.put("┬", column: line.origin.column, row: 0, style: theme.border)
      }
      frame.put(
        "┴", column: line.origin.column, row: page.border.size.rows - 1, style: theme.border)
    }
  }

  // MARK: Pictures

  /// The numbers pictures are known by outside.
  package enum ImageID {
    package static let current = 0
    package static let reference = 1
    package static let thumbnail = 2

    package static func of(_ subject: RenderRequest.Subject) -> Int {
      switch subject {
      case .current: current
      case .reference: reference
      case .thumbnail: thumbnail
      }
    }
  }

  fileprivate func drawPictures(_ frame: inout Frame, _ page: PageLayout) {
    if pictures.comparison.isSideBySide, page.pictures.count == 2 {
      place(pictures.reference, ImageID.reference, in: page.pictures[0], &frame)
      place(pictures.current, ImageID.current, in: page.pictures[1], &frame)
      let names = [pictures.comparison == .partnerBeside ? "B \(partnerText)" : "start", "now"]
      for (name, rect) in zip(names, page.captions) {
        let text = name.truncated(toColumns: rect.size.columns)
        frame.put(
          text, column: rect.origin.column + (rect.size.columns - text.columns) / 2,
          row: rect.origin.row, style: theme.dim)
      }
    } else if let rect = page.pictures.first {
      let isStart = pictures.comparison.isFlipped && pictures.reference != nil
      place(
        isStart ? pictures.reference : pictures.current,
        isStart ? ImageID.reference : ImageID.current, in: rect, &frame)
    }
    drawStatus(&frame, page)
  }

  func place(
    _ shown: Pictures.Shown?, _ image: Int, in rect: Rect, _ frame: inout Frame
  ) {
    guard !rect.isEmpty else { return }
    if let shown {
      frame.placements.append(
        ImagePlacement(rect: rect, image: image, generation: shown.generation))
    } else {
      frame.put(
        "…", column: rect.origin.column + rect.size.columns / 2,
        row: rect.origin.row + rect.size.rows / 2, style: theme.dim)
    }
  }

  /// `18 ms · full · ‖w−w̄‖ 0.8`
  private func drawStatus(_ frame: inout Frame, _ page: PageLayout) {
    let rect = page.status
    if pictures.comparison.isFlipped {
      frame.put(
        "start · space goes back", column: rect.origin.column, row: rect.origin.row,
        style: theme.accent, clip: rect)
      return
    }
    guard let report = pictures.current?.report else {
      frame.put(
        "first picture…", column: rect.origin.column, row: rect.origin.row, style: theme.dim,
        clip: rect)
      return
    }
    var parts = [
      NumberText.duration(report.seconds), report.isFull ? "full" : "\(report.resolution)²",
      "‖w−w̄‖ \(NumberText.tenths(report.distance))",
    ]
    if !screen.graphics.isPixelExact { parts.append(screen.graphics.rawValue) }
    while parts.count > 1, parts.joined(separator: " · ").columns > rect.size.columns {
      parts.removeLast()
    }
    frame.put(
      parts.joined(separator: " · "), column: rect.origin.column, row: rect.origin.row,
      style: theme.dim, clip: rect)
  }

  // MARK: Footer

  fileprivate func drawFooter(_ frame: inout Frame, _ page: PageLayout) {
    let rect = page.footer
    if let notice {
      let isError = notice.kind == .error
      let text = (isError ? "! " : "") + notice.text
      frame.put(
        " " + text.truncated(toColumns: rect.size.columns) + " ", column: rect.origin.column - 1,
        row: rect.origin.row, style: isError ? theme.error : theme.accent)
      return
    }
    if let loading, mode == .page {
      let text = "loading “\(loading.listing.name)”: \(loading.progress) · esc stops it"
      frame.put(
        " " + text.truncated(toColumns: rect.size.columns) + " ", column: rect.origin.column - 1,
        row: rect.origin.row, style: theme.accent)
      return
    }
    let line = HintLine(hints.map(\.hint))
    let end = line.layout(in: rect).last?.rect.columns.upperBound ?? rect.origin.column
    frame.fill(
      Rect(
        column: rect.origin.column - 1, row: rect.origin.row,
        columns: end - rect.origin.column + 2, rows: 1), style: theme.text)
    line.draw(into: &frame, rect, theme: theme)
  }
}

extension CellStyle {
  fileprivate var unreversed: CellStyle {
    var style = self
    style.isReversed = false
    return style
  }
}
