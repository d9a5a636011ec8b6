import Latents
import TUI

/// The film page.
extension State {
  package func filmLayout(_ page: PageLayout) -> FilmLayout {
    FilmLayout(page, screen: screen, count: film.keyframes.count, selected: film.selected)
  }

  func drawFilm(_ frame: inout Frame, _ page: PageLayout) {
    let layout = filmLayout(page)
    frame.fill(layout.divider, with: "│", style: theme.border)
    drawFilmPicture(&frame, layout)
    drawFilmSettings(&frame, layout)
    drawRuler(&frame, layout)
    for slot in layout.slots { draw(slot, &frame) }
    if film.keyframes.isEmpty {
      frame.put(
        "no keyframes: c adds the face being edited, a takes from presets and history",
        column: layout.ruler.origin.column, row: layout.ruler.origin.row + 1, style: theme.dim,
        clip: page.border.inset(columns: 1, rows: 1))
    }
  }

  private func drawFilmPicture(_ frame: inout Frame, _ layout: FilmLayout) {
    let chosen = film.keyframes.indices.contains(film.selected) ? film.keyframes[film.selected] : nil
    if film.isPlaying || film.playback != nil && chosen?.thumbnail == nil {
      if let generation = film.playback {
        frame.placements.append(
          ImagePlacement(rect: layout.picture, image: ImageID.playback, generation: generation))
      }
    } else if let chosen, let generation = chosen.thumbnail {
      frame.placements.append(
        ImagePlacement(
          rect: layout.picture, image: ImageID.keyframe(chosen.id), generation: generation))
    }
    let words =
      film.isPlaying
      ? "▶ \(FilmTime.text(film.playhead)) of \(FilmTime.text(film.film.seconds))"
      : chosen.map { $0.frame.name } ?? ""
    frame.put(
      words.truncated(toColumns: layout.status.size.columns), column: layout.status.origin.column,
      row: layout.status.origin.row, style: film.isPlaying ? theme.accent : theme.dim,
      clip: layout.status)
  }

  private func drawFilmSettings(_ frame: inout Frame, _ layout: FilmLayout) {
    let timeline = film.film
    var lines: [(String, String)] = [
      ("length", "\(FilmTime.text(timeline.seconds)) · \(timeline.frames) frames"),
      ("rate", "\(timeline.frameRate) a second"),
      ("loop", timeline.isLoop ? "yes" : "no"),
      ("way", timeline.interpolation.rawValue),
      ("speed", timeline.isConstantSpeed ? "even" : "as timed"),
    ]
    if film.keyframes.indices.contains(film.selected) {
      let chosen = film.keyframes[film.selected].frame
      lines.append(("hold", FilmTime.text(chosen.hold)))
      lines.append(("then", FilmTime.text(chosen.duration)))
    }
    var rect = layout.settings
    let heading = rect.takeTop(1)
    frame.put(
      "FILM", column: heading.origin.column, row: heading.origin.row, style: theme.strong,
      clip: heading)
    for (name, value) in lines where !rect.isEmpty {
      let line = rect.takeTop(1)
      frame.put(name, column: line.origin.column, row: line.origin.row, style: theme.dim, clip: line)
      frame.put(
        value, column: line.origin.column + 8, row: line.origin.row, style: theme.text, clip: line)
    }
    guard let making = film.making, rect.size.rows >= 3 else { return }
    _ = rect.takeTop(1)
    let name = rect.takeTop(1)
    frame.put(
      "making \(making.path)".truncated(toColumns: name.size.columns),
      column: name.origin.column, row: name.origin.row, style: theme.accent, clip: name)
    let bar = rect.takeTop(1)
    let text = " \(making.done)/\(making.total)"
    let width = max(1, bar.size.columns - text.columns)
    let filled = making.total > 0 ? width * making.done / making.total : 0
    frame.put(
      String(repeating: "━", count: filled), column: bar.origin.column, row: bar.origin.row,
      style: theme.accent, clip: bar)
    frame.put(
      String(repeating: "─", count: width - filled) + text, column: bar.origin.column + filled,
      row: bar.origin.row, style: theme.dim, clip: bar)
  }

  /// A line across the page; while the film plays, a mark where it is.
  private func drawRuler(_ frame: inout Frame, _ layout: FilmLayout) {
    frame.fill(layout.ruler, with: "─", style: theme.border)
    guard film.isPlaying, film.film.seconds > 0 else { return }
    let columns = layout.ruler.size.columns
    let place = min(columns - 1, Int(Double(columns) * film.playhead / film.film.seconds))
    frame.put(
      "●", column: layout.ruler.origin.column + place, row: layout.ruler.origin.row,
      style: theme.accent)
  }

  private func draw(_ slot: FilmLayout.Slot, _ frame: inout Frame) {
    let keyframe = film.keyframes[slot.index]
    let isChosen = slot.index == film.selected
    if !slot.picture.isEmpty {
      if let generation = keyframe.thumbnail {
        frame.placements.append(
          ImagePlacement(
            rect: slot.picture, image: ImageID.keyframe(keyframe.id), generation: generation))
      } else {
        frame.put(
          "…", column: slot.picture.origin.column + slot.picture.size.columns / 2,
          row: slot.picture.origin.row + slot.picture.size.rows / 2, style: theme.dim)
      }
    }
    let name = (isChosen ? "▸" : "") + keyframe.frame.name
    frame.put(
      name.truncated(toColumns: slot.name.size.columns), column: slot.name.origin.column,
      row: slot.name.origin.row, style: isChosen ? theme.focus : theme.text, clip: slot.name)
    let hold = keyframe.frame.hold > 0 ? "⏸\(FilmTime.text(keyframe.frame.hold)) " : ""
    frame.put(
      hold + "→" + FilmTime.text(keyframe.frame.duration), column: slot.time.origin.column,
      row: slot.time.origin.row, style: theme.dim, clip: slot.time)
  }
}

extension State.ImageID {
  package static let playback = 3
  /// Of a keyframe by its id.
  package static func keyframe(_ id: Int) -> Int { 1000 + id }
}

/// Seconds in a few characters: `2 s`, `0.25 s`, `1:05`.
enum FilmTime {
  static func text(_ seconds: Double) -> String {
    if seconds >= 60 {
      let whole = Int(seconds.rounded())
      return "\(whole / 60):" + (whole % 60 < 10 ? "0" : "") + "\(whole % 60)"
    }
    let hundredths = Int((seconds * 100).rounded())
    var fraction = (hundredths % 100 < 10 ? "0" : "") + "\(hundredths % 100)"
    while fraction.last == "0" { fraction.removeLast() }
    return "\(hundredths / 100)" + (fraction.isEmpty ? "" : "." + fraction) + " s"
  }
}
