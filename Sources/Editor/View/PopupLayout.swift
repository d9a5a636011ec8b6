package import TUI

/// The box over the page that a prompt, a question or a list is in.
package struct PopupLayout: Hashable, Sendable {
  package let rect: Rect
  /// Inside the border and its margin.
  package let inside: Rect
  /// The lines of a list that show.
  package let window: ListWindow
  /// Below the list.
  package fileprivate(set) var footer: Rect?
  /// Where the chosen line's picture stands, in the footer.
  package fileprivate(set) var thumbnail: Rect?

  package var regions: [Region] {
    window.visible.map { index in
      Region(
        Rect(
          column: inside.origin.column, row: inside.origin.row + index - window.offset,
          columns: inside.size.columns, rows: 1), .row(index))
    } + [Region(rect, .popup)]
  }

  /// - Parameters:
  ///   - lines: lines of text inside.
  ///   - list: how many of a list's lines there are and which one must show.
  ///   - below: lines under the list.
  fileprivate init(
    in container: Rect, columns: Int, lines: Int, list: (count: Int, selected: Int)? = nil,
    below: Int = 0
  ) {
    let rect = container.centered(columns: columns, rows: lines + below + 2)
    self.rect = rect
    inside = rect.inset(columns: 2, rows: 1)
    window =
      list.map {
        ListWindow(count: $0.count, height: rect.size.rows - 2 - below)
          .revealing($0.selected, margin: 1)
      } ?? ListWindow(count: 0, height: 0)
    if below > 0 {
      var rest = inside
      footer = rest.takeBottom(below)
    }
  }
}

extension State {
  /// Lists and prompts stand over the panel, so that the picture stays in view; over everything
  /// where the panel is too narrow for them.
  package func popupLayout(_ page: PageLayout) -> PopupLayout? {
    let overPanel = Rect(
      column: page.panel.origin.column - 1, row: page.panel.origin.row,
      columns: page.panel.size.columns + 1, rows: page.panel.size.rows)
    let container =
      page.panel.size.columns >= PanelLayout.narrow
      ? overPanel : page.border.inset(columns: 1, rows: 1)
    let width = container.size.columns
    switch mode {
    case .page, .find, .help: return nil
    case .prompt(let prompt):
      let complaint = prompt.complaint.map { $0.wrapped(toColumns: width - 4).count } ?? 0
      return PopupLayout(in: container, columns: min(width, 60), lines: 1 + max(1, complaint))
    case .confirm(let confirmation):
      return PopupLayout(
        in: container, columns: min(width, 60),
        lines: confirmation.purpose.question.wrapped(toColumns: min(width, 60) - 4).count)
    case .history:
      let count = document.history.steps.count
      return PopupLayout(
        in: container, columns: min(width, 60), lines: count,
        list: (count, document.history.index))
    case .presets(let list):
      // Over the panel, where no other picture is, and with some lines of the list left.
      let most = min(10, container.size.rows - 2 - min(list.entries.count, 6))
      let picture = screen.fit(
        width: 1, height: 1,
        in: Rect(column: 0, row: 0, columns: min(width, 60) - 4, rows: max(0, most)),
        limit: RenderRequest.thumbnailSide + screen.cell.height / 2
      ).size
      let hasPicture =
        screen.graphics.isPixelExact && container == overPanel && picture.rows >= 4
      var layout = PopupLayout(
        in: container, columns: min(width, 60), lines: max(1, list.entries.count),
        list: (list.entries.count, list.selected), below: hasPicture ? picture.rows : 0)
      if let footer = layout.footer {
        layout.thumbnail = Rect(
          column: footer.origin.column, row: footer.origin.row, columns: picture.columns,
          rows: picture.rows)
      }
      return layout
    case .filmSources(let list):
      return PopupLayout(
        in: container, columns: min(width, 60), lines: list.entries.count,
        list: (list.entries.count, list.selected))
    case .models(let list):
      return PopupLayout(
        in: container, columns: min(width, 60), lines: list.entries.count,
        list: (list.entries.count, list.selected), below: 1)
    }
  }
}

extension Confirmation.Purpose {
  package var question: String {
    switch self {
    case .overwrite(let name): "There is a preset “\(name)”. Replace it?"
    case .overwriteByRenaming(let name, let other):
      "There is a preset “\(other)”. Replace it by “\(name)”?"
    case .delete(let name): "Delete the preset “\(name)”?"
    case .leavePhoto(let name): "The face found in “\(name)” was not taken into the editor. Quit?"
    }
  }
}

extension Prompt.Purpose {
  package var question: String {
    switch self {
    case .seed: "seed of the new face"
    case .partnerSeed: "seed of face B"
    case .value(let control): "value of \(control.label)"
    case .range(let id): "layer range of \(id.direction)"
    case .save: "save as"
    case .rename(let name): "rename “\(name)” to"
    case .filmPath: "make the film as"
    case .timelineSave: "save the timeline as"
    case .timelineOpen: "open the timeline"
    case .photoPath: "open the photo"
    }
  }

  /// What may be typed.
  package var advice: String {
    switch self {
    case .seed, .partnerSeed: "0 to 4294967295"
    case .value(.cutoff): "a row, or all"
    case .value(.mixWeight), .value(.mixRow): "0 to 1"
    case .value(.psi): "−1 to 2"
    case .value(.slider): "−5 to 5"
    case .value: "a whole number"
    case .range: "all, coarse, middle, fine, 5 or 2-5"
    case .save, .rename: "a name"
    case .filmPath: ".mp4 .webm .gif .png .y4m, or a folder"
    case .timelineSave, .timelineOpen: "a file"
    case .photoPath: "JPEG, PNG, WebP, PPM; tab completes"
    }
  }
}

extension Control {
  /// What messages call it.
  package var label: String {
    switch self {
    case .slider(let id): id.direction
    case .mixBorder(0): "first border of the mix"
    case .mixBorder: "second border of the mix"
    case .mixRow(let row): "row \(row) of face B"
    case .mixFace: "face B"
    case .mixWeight: "weight of the mix"
    case .psi: "ψ"
    case .cutoff: "cutoff"
    case .classIndex: "class"
    case .noiseMode: "noise"
    case .noiseSeed: "noise seed"
    }
  }
}
