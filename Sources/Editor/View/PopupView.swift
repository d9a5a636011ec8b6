import TUI

/// Prompts, questions and lists, over the page.
extension State {
  func drawPopup(_ frame: inout Frame, _ page: PageLayout) {
    guard let layout = popupLayout(page) else { return }
    switch mode {
    case .page, .find, .help: break
    case .prompt(let prompt): draw(prompt, &frame, layout)
    case .confirm(let confirmation):
      frame.cursor = nil
      frame.popup(layout.rect, title: "sure?", theme: theme)
      let lines = confirmation.purpose.question.wrapped(toColumns: layout.inside.size.columns)
      for (index, line) in lines.enumerated() {
        frame.put(
          line, column: layout.inside.origin.column, row: layout.inside.origin.row + index,
          style: theme.text, clip: layout.inside)
      }
    case .history: drawHistory(&frame, layout)
    case .presets(let list): draw(list, &frame, layout)
    case .models(let list): draw(list, &frame, layout)
    case .filmSources(let list):
      frame.popup(layout.rect, title: "add to the film", theme: theme)
      for index in layout.window.visible {
        let entry = list.entries[index]
        drawRow(
          index, layout, &frame, text: entry.name, detail: entry.detail,
          isSelected: index == list.selected, isDimmed: !entry.isUsable)
      }
    }
  }

  private func draw(_ prompt: Prompt, _ frame: inout Frame, _ layout: PopupLayout) {
    frame.popup(layout.rect, title: prompt.purpose.question, theme: theme)
    var inside = layout.inside
    let field = inside.takeTop(1)
    prompt.field.draw(into: &frame, field, style: CellStyle.plain.underlined)
    let lines: [String]
    let style: CellStyle
    if let complaint = prompt.complaint {
      lines = complaint.wrapped(toColumns: inside.size.columns)
      style = theme.error
    } else {
      lines = [
        prompt.candidates.isEmpty
          ? prompt.purpose.advice
          : prompt.candidates.joined(separator: "  ").truncated(toColumns: inside.size.columns)
      ]
      style = theme.dim
    }
    for line in lines {
      let rect = inside.takeTop(1)
      frame.put(line, column: rect.origin.column, row: rect.origin.row, style: style, clip: rect)
    }
  }

  private func drawHistory(_ frame: inout Frame, _ layout: PopupLayout) {
    let history = document.history
    frame.popup(
      layout.rect, title: "history \(history.index + 1)/\(history.steps.count)", theme: theme)
    for index in layout.window.visible {
      let step = history.steps[index]
      drawRow(
        index, layout, &frame, text: step.label, detail: step.isStart ? "start" : "",
        isSelected: index == history.index, isDimmed: index > history.index)
    }
  }

  private func draw(_ list: PresetList, _ frame: inout Frame, _ layout: PopupLayout) {
    frame.popup(layout.rect, title: "presets", theme: theme)
    for index in layout.window.visible {
      let entry = list.entries[index]
      drawRow(
        index, layout, &frame, text: entry.name, detail: entry.detail,
        isSelected: index == list.selected, isDimmed: !entry.isUsable)
    }
    guard let thumbnail = layout.thumbnail, var text = layout.footer else { return }
    let entry = list.entries[list.selected]
    if entry.isUsable { place(pictures.thumbnail, ImageID.thumbnail, in: thumbnail, &frame) }
    _ = text.takeLeft(entry.isUsable ? thumbnail.size.columns + 2 : 0)
    _ = text.takeTop(1)
    for (index, part) in entry.detail.split(separator: " · ").enumerated() {
      let line = text.takeTop(1)
      frame.put(
        String(part).truncated(toColumns: line.size.columns), column: line.origin.column,
        row: line.origin.row, style: index == 0 ? theme.text : theme.dim, clip: line)
    }
  }

  private func draw(_ list: ModelList, _ frame: inout Frame, _ layout: PopupLayout) {
    frame.popup(layout.rect, title: "models", theme: theme)
    for index in layout.window.visible {
      let entry = list.entries[index]
      var detail = entry.problem ?? "\(entry.family) \(entry.resolution)²"
      if entry.id == model.id { detail += " · in use" }
      drawRow(
        index, layout, &frame, text: entry.name, detail: detail,
        isSelected: index == list.selected, isDimmed: entry.problem != nil)
    }
    if let note = layout.footer {
      frame.put(
        "mien model import FILE adds one".truncated(toColumns: note.size.columns),
        column: note.origin.column, row: note.origin.row, style: theme.dim, clip: note)
    }
  }

  private func drawRow(
    _ index: Int, _ layout: PopupLayout, _ frame: inout Frame, text: String, detail: String,
    isSelected: Bool, isDimmed: Bool
  ) {
    let inside = layout.inside
    let row = inside.origin.row + index - layout.window.offset
    if isSelected {
      frame.put("▸", column: inside.origin.column - 1, row: row, style: theme.accent)
    }
    let style = isSelected ? theme.focus : isDimmed ? theme.dim : theme.text
    let room = inside.size.columns
    let name = text.truncated(toColumns: room)
    frame.put(name, column: inside.origin.column, row: row, style: style, clip: inside)
    let left = room - name.columns - 2
    if left >= 6 {
      frame.put(
        detail.truncated(toColumns: left), endingAt: inside.columns.upperBound, row: row,
        style: theme.dim, clip: inside)
    }
  }
}

extension CellStyle {
  fileprivate var underlined: CellStyle {
    var style = self
    style.isUnderlined = true
    return style
  }
}
