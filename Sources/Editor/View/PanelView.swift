import Latents
import StyleGAN
import TUI

/// The right side of the page.
extension State {
  func drawPanel(_ frame: inout Frame, _ page: PageLayout) {
    let layout = panelLayout(page)
    var titled: Section?
    for (line, rect) in layout.visible {
      // A section's title stands on its first line only.
      let isFirst = line.section != nil && line.section != titled
      titled = line.section
      draw(line, &frame, rect, isFirst: isFirst, isNarrow: layout.isNarrow)
    }
    if let rule = layout.rule { frame.fill(rule, with: "┄", style: theme.border) }
    drawScrollMarks(&frame, layout, page)
  }

  private func drawScrollMarks(_ frame: inout Frame, _ layout: PanelLayout, _ page: PageLayout) {
    let column = page.border.size.columns - 1
    if layout.window.hasMoreAbove {
      frame.put("▲", column: column, row: layout.list.origin.row, style: theme.dim)
    }
    if layout.window.hasMoreBelow {
      frame.put("▼", column: column, row: layout.list.rows.upperBound - 1, style: theme.dim)
    }
  }

  private func draw(
    _ line: PanelLine, _ frame: inout Frame, _ rect: Rect, isFirst: Bool, isNarrow: Bool
  ) {
    switch line {
    case .heading(let section): drawHeading(section, &frame, rect)
    case .slider(let id): drawSlider(id, &frame, sliderLayout(id, in: rect))
    case .note(let text):
      frame.put(
        text.truncated(toColumns: rect.size.columns - 1), column: rect.origin.column + 1,
        row: rect.origin.row, style: theme.dim, clip: rect)
    case .mixBar:
      if !isNarrow { drawTitle(.mix, &frame, rect) }
      drawMixBar(&frame, rect, isNarrow: isNarrow)
    case .fields(let section, let controls):
      if !isNarrow, isFirst { drawTitle(section, &frame, rect) }
      for field in FieldLayout.fields(controls, in: rect, isNarrow: isNarrow) {
        drawField(field, &frame, isNarrow: isNarrow)
      }
    case .history: drawHistoryLine(&frame, rect)
    }
  }

  private func drawTitle(_ section: Section, _ frame: inout Frame, _ rect: Rect) {
    frame.put(
      section.title, column: rect.origin.column, row: rect.origin.row, style: theme.dim,
      clip: rect)
  }

  private func drawHeading(_ section: Section, _ frame: inout Frame, _ rect: Rect) {
    drawTitle(section, &frame, rect)
    guard isFirstHeading(section) else { return }
    let end = rect.columns.upperBound
    let row = rect.origin.row
    let room = rect.size.columns - section.title.columns - 1
    if case .find(let field) = mode {
      let width = min(room, max(8, field.text.columns + 2))
      let place = Rect(column: end - width, row: row, columns: width, rows: 1)
      frame.put("/", column: place.origin.column, row: row, style: theme.accent)
      var text = place
      _ = text.takeLeft(1)
      field.draw(into: &frame, text, style: theme.strong)
    } else if !panel.filter.isEmpty {
      frame.put(
        "/\(panel.filter)".truncated(toColumns: room), endingAt: end, row: row,
        style: theme.accent, clip: rect)
    } else if panel.showsEditedOnly {
      frame.put("edited only", endingAt: end, row: row, style: theme.accent, clip: rect)
    } else if room >= 16 {
      frame.put("/ find  E edited", endingAt: end, row: row, style: theme.dim, clip: rect)
    }
  }

  private func isFirstHeading(_ section: Section) -> Bool {
    sliderLines.first == .heading(section)
  }

  // MARK: Controls

  private func drawSlider(_ id: SliderID, _ frame: inout Frame, _ field: FieldLayout) {
    let isFocused = panel.focus == .slider(id)
    let strength = recipe.edit(id)?.strength ?? 0
    drawMarkAndName(id.direction, &frame, field, isFocused: isFocused, isChanged: strength != 0)
    drawTrack(&frame, field, isFocused: isFocused)
    drawValue(
      NumberText.value(strength), &frame, field, isFocused: isFocused, isChanged: strength != 0,
      isRightAligned: true)
    if let rect = field.range {
      let range = layerRange(of: id)
      let isOwn = range != panel.spec(id)?.rows
      frame.put(
        range.description.truncated(toColumns: rect.size.columns), column: rect.origin.column,
        row: rect.origin.row, style: isOwn ? theme.accent : theme.dim, clip: rect)
    }
  }

  private func drawField(_ field: FieldLayout, _ frame: inout Frame, isNarrow: Bool) {
    let control = field.control
    let isFocused = panel.focus == control
    let isChanged = isChanged(control)
    drawMarkAndName(
      control.name(isNarrow: isNarrow), &frame, field, isFocused: isFocused, isChanged: false)
    drawTrack(&frame, field, isFocused: isFocused)
    drawValue(
      text(of: control), &frame, field, isFocused: isFocused, isChanged: isChanged,
      isRightAligned: control == .psi)
  }

  private func drawMarkAndName(
    _ name: String, _ frame: inout Frame, _ field: FieldLayout, isFocused: Bool, isChanged: Bool
  ) {
    if isFocused {
      frame.put(
        "▸", column: field.mark.origin.column, row: field.mark.origin.row, style: theme.accent)
    }
    frame.put(
      name.truncated(toColumns: field.name.size.columns), column: field.name.origin.column,
      row: field.name.origin.row, style: isFocused || isChanged ? theme.strong : theme.text,
      clip: field.name)
  }

  private func drawTrack(_ frame: inout Frame, _ field: FieldLayout, isFocused: Bool) {
    guard let track = field.track else { return }
    slider(for: field.control).draw(into: &frame, track, theme: theme, isFocused: isFocused)
  }

  private func drawValue(
    _ value: String, _ frame: inout Frame, _ field: FieldLayout, isFocused: Bool,
    isChanged: Bool, isRightAligned: Bool
  ) {
    var text = value
    var style = isFocused ? theme.focus : isChanged ? theme.accent : theme.dim
    if isFocused, let typed = panel.typed, !typed.isReset {
      text = typed.text.replacing("-", with: "−")
      style = theme.focus
      frame.cursor = Point(
        column: min(field.value.columns.upperBound, frame.size.columns - 1),
        row: field.value.origin.row)
    }
    text = text.truncated(toColumns: field.value.size.columns)
    frame.put(
      text,
      column: isRightAligned
        ? field.value.columns.upperBound - text.columns : field.value.origin.column,
      row: field.value.origin.row, style: style, clip: field.value)
  }

  func text(of control: Control) -> String {
    switch control {
    case .slider(let id): NumberText.value(recipe.edit(id)?.strength ?? 0)
    case .mixBorder(let index): String(mix.borders[index])
    case .mixRow(let row): NumberText.hundredths(mix.weights[row] ?? 0)
    case .mixFace: partnerText
    case .mixWeight: NumberText.hundredths(mix.weight)
    case .psi: NumberText.hundredths(recipe.truncation.psi)
    case .cutoff: recipe.truncation.cutoff.map(String.init) ?? "all"
    case .classIndex: String(recipe.latent.classIndex ?? 0)
    case .noiseMode:
      model.configuration.hasNoise
        ? recipe.noise.mode.rawValue : "no noise in \(model.configuration.family.title)"
    case .noiseSeed: String(recipe.noise.seed)
    }
  }

  private func isChanged(_ control: Control) -> Bool {
    let start = document.history.start.recipe
    return switch control {
    case .slider(let id): recipe.edit(id) != nil
    case .mixBorder, .mixRow, .mixFace: !recipe.mix.isEmpty
    case .mixWeight: mix.weight != 1
    case .psi: recipe.truncation.psi != start.truncation.psi
    case .cutoff: recipe.truncation.cutoff != nil
    case .classIndex: recipe.latent.classIndex != start.latent.classIndex
    case .noiseMode: recipe.noise.mode != .const && model.configuration.hasNoise
    case .noiseSeed: recipe.noise.seed != 0
    }
  }

  /// `A ━━━━┃████┃━━━━━━ B  4 | 8`
  private func drawMixBar(_ frame: inout Frame, _ rect: Rect, isNarrow: Bool) {
    let layout = MixBarLayout(rect, mix: mix, isNarrow: isNarrow)
    let row = rect.origin.row
    var focused: Int?
    if case .mixBorder(let index) = panel.focus { focused = index }
    var focusedRow: Int?
    if case .mixRow(let row) = panel.focus { focusedRow = row }
    if focused != nil || focusedRow != nil {
      frame.put("▸", column: layout.mark.origin.column, row: row, style: theme.accent)
    }
    frame.put("A", column: layout.bar.origin.column - 2, row: row, style: theme.text, clip: rect)
    layout.handles.draw(
      into: &frame, column: layout.bar.origin.column, row: row, scale: layout.scale, theme: theme,
      focusedHandle: focused, focusedPart: focusedRow, clip: rect)
    let isActive = !recipe.mix.isEmpty
    var column = frame.put(
      "B", column: layout.bar.columns.upperBound + 1, row: row,
      style: isActive ? theme.accent : theme.text, clip: rect)
    column += 2
    if let focusedRow {
      column = frame.put("\(focusedRow):", column: column, row: row, style: theme.dim, clip: rect)
      let typed = panel.typed.flatMap { $0.isReset ? nil : $0.text }
      column = frame.put(
        typed ?? text(of: panel.focus), column: column, row: row, style: theme.focus, clip: rect)
      if typed != nil { frame.cursor = Point(column: column, row: row) }
      return
    }
    for index in 0...1 {
      if index == 1 {
        column = frame.put(" | ", column: column, row: row, style: theme.dim, clip: rect)
      }
      column = frame.put(
        String(mix.borders[index]), column: column, row: row,
        style: focused == index ? theme.focus : theme.dim, clip: rect)
    }
  }

  /// `HISTORY  12/12            ★ 3`
  private func drawHistoryLine(_ frame: inout Frame, _ rect: Rect) {
    let row = rect.origin.row
    var column = frame.put(
      "HISTORY", column: rect.origin.column, row: row, style: theme.dim, clip: rect)
    let history = document.history
    column = frame.put(
      "\(history.index + 1)/\(history.steps.count)", column: column + 2, row: row,
      style: history.canRedo ? theme.accent : theme.text, clip: rect)
    let isMarked = document.bookmarks.contains(recipe)
    let stars = "\(isMarked ? "★" : "☆") \(document.bookmarks.count)"
    let end = rect.columns.upperBound
    frame.put(
      stars, endingAt: end, row: row, style: isMarked ? theme.accent : theme.dim, clip: rect)
    let room = end - stars.columns - 2 - (column + 2)
    if let steps = document.recoverableSteps, room >= 12 {
      frame.put(
        "R restores \(steps)".truncated(toColumns: room), column: column + 2, row: row,
        style: theme.accent, clip: rect)
    } else if room >= 12, history.index > 0 {
      frame.put(
        history.current.label.truncated(toColumns: room), column: column + 2, row: row,
        style: theme.dim, clip: rect)
    }
  }
}
