import Imaging
import TUI

/// The photo page.
extension State {
  package func photoLayout(_ page: PageLayout) -> PhotoLayout {
    let lines = photoLines
    let count = (facts: lines.facts.count, advice: lines.advice.count)
    return photo.projection == nil
      ? .square(page, screen: screen, photo: photo.photo.map { ($0.width, $0.height) }, lines: count)
      : .projection(page, screen: screen, lines: count)
  }

  func photoRegions(_ page: PageLayout) -> [Region] {
    photoLayout(page).photo.map { [Region($0, .photo)] } ?? []
  }

  private var photoLines: (facts: [PhotoText.Line], advice: [PhotoText.Line]) {
    let text = PhotoText(photo, screen: screen)
    return (text.facts, text.advice)
  }

  func drawPhotoPage(_ frame: inout Frame, _ page: PageLayout) {
    let layout = photoLayout(page)
    if let divider = layout.divider { draw(divider, &frame, page) }
    let lines = photoLines
    draw(lines.facts, in: layout.facts, &frame)
    draw(lines.advice, in: layout.advice, &frame)
    if let rect = layout.photo { place(ImageID.photo, photo.generation, in: rect, &frame) }
    if let rect = layout.target { place(ImageID.target, photo.generation, in: rect, &frame) }
    if let projection = photo.projection { draw(projection, layout, &frame) }
  }

  /// A line from border to border.
  private func draw(_ divider: Rect, _ frame: inout Frame, _ page: PageLayout) {
    let (column, row) = (divider.origin.column, divider.origin.row)
    if divider.size.columns == 1 {
      frame.fill(divider, with: "│", style: theme.border)
      if frame[column, 0].text == "─" { frame.put("┬", column: column, row: 0, style: theme.border) }
      frame.put("┴", column: column, row: page.border.size.rows - 1, style: theme.border)
    } else {
      frame.fill(divider, with: "─", style: theme.border)
      frame.put("├", column: 0, row: row, style: theme.border)
      frame.put("┤", column: page.border.size.columns - 1, row: row, style: theme.border)
    }
  }

  private func place(_ image: Int, _ generation: Int, in rect: Rect, _ frame: inout Frame) {
    guard !rect.isEmpty else { return }
    frame.placements.append(ImagePlacement(rect: rect, image: image, generation: generation))
  }

  private func draw(_ projection: PhotoProjection, _ layout: PhotoLayout, _ frame: inout Frame) {
    if let rect = layout.found {
      if let generation = projection.picture {
        place(ImageID.found, generation, in: rect, &frame)
      } else if !rect.isEmpty {
        frame.put(
          "…", column: rect.origin.column + rect.size.columns / 2,
          row: rect.origin.row + rect.size.rows / 2, style: theme.dim)
      }
    }
    let names = ["the photo", projection.best.map { "found, step \($0.step)" } ?? "the nearest face"]
    for (name, rect) in zip(names, layout.captions) {
      let text = name.truncated(toColumns: rect.size.columns)
      frame.put(
        text, column: rect.origin.column + (rect.size.columns - text.columns) / 2,
        row: rect.origin.row, style: theme.dim)
    }
    if let rect = layout.chart { drawCurve(projection, in: rect, &frame) }
    if let divider = layout.divider {
      frame.put(
        " distance ", column: divider.origin.column + 2, row: divider.origin.row,
        style: theme.strong, clip: divider)
    }
  }

  /// Distances of all runs, one behind the other.
  private func drawCurve(_ projection: PhotoProjection, in rect: Rect, _ frame: inout Frame) {
    var lines: [LineChart.Line] = []
    var first = 0
    for (index, run) in projection.runs.enumerated() {
      let isLast = index == projection.runs.count - 1
      lines.append(
        LineChart.Line(
          Array(run.distances.dropFirst(run.firstComparable)), from: first + run.firstComparable,
          style: isLast ? theme.accent : theme.dim))
      first += run.distances.count
    }
    let count =
      first + (projection.isUnderWay ? projection.plannedSteps - projection.steps : 0)
    let chart = LineChart(lines, count: count)
    guard chart.range != nil else {
      frame.put(
        "the curve begins with the first step".truncated(toColumns: rect.size.columns),
        column: rect.origin.column, row: rect.origin.row, style: theme.dim, clip: rect)
      return
    }
    chart.draw(into: &frame, rect, theme: theme, label: NumberText.distance)
  }

  private func draw(_ lines: [PhotoText.Line], in rect: Rect, _ frame: inout Frame) {
    var rect = rect
    for line in lines where !rect.isEmpty {
      let row = rect.takeTop(1)
      let (column, y) = (row.origin.column, row.origin.row)
      switch line {
      case .blank: break
      case .heading(let title, let detail):
        let end = frame.put(title, column: column, row: y, style: theme.strong, clip: row)
        frame.put(
          detail.truncated(toColumns: row.columns.upperBound - end - 2), column: end + 2, row: y,
          style: theme.accent, clip: row)
      case .fact(let name, let value):
        frame.put(name, column: column, row: y, style: theme.dim, clip: row)
        let indent = row.size.columns < 22 ? name.columns + 1 : PhotoText.indent
        frame.put(
          value.truncated(toColumns: row.size.columns - indent), column: column + indent, row: y,
          style: theme.text, clip: row)
      case .key(let key, let words):
        frame.put(key, column: column, row: y, style: theme.strong, clip: row)
        let indent = row.size.columns < 22 ? key.columns + 1 : PhotoText.indent
        frame.put(
          words.truncated(toColumns: row.size.columns - indent), column: column + indent, row: y,
          style: theme.dim, clip: row)
      case .note(let words, let isWarning):
        frame.put(
          words.truncated(toColumns: row.size.columns), column: column, row: y,
          style: isWarning ? theme.accent : theme.text, clip: row)
      case .bar(let share):
        let filled = Int((Double(row.size.columns) * min(max(share, 0), 1)).rounded(.down))
        frame.put(
          String(repeating: "━", count: filled), column: column, row: y, style: theme.accent,
          clip: row)
        frame.put(
          String(repeating: "─", count: row.size.columns - filled), column: column + filled,
          row: y, style: theme.dim, clip: row)
      }
    }
  }

  /// What is drawn over the photo.
  func cropPicture(height: Int) -> CropPicture {
    let reach = max(5, Double(height) / 40)
    if let marking = photo.marking {
      let set = marking.places.map { CropPicture.Cross($0, reach: reach, isStrong: false) }
      return CropPicture(
        crop: photo.crop,
        crosses: set + [CropPicture.Cross(marking.cursor, reach: reach * 2, isStrong: true)],
        showsSquare: false)
    }
    guard photo.modelFace != nil, let shown = photo.photo else {
      return CropPicture(crop: photo.crop)
    }
    // In a small square they would hide what they stand on.
    let side = photo.crop.size * Double(height) / Double(shown.height)
    return CropPicture(
      crop: photo.crop,
      crosses: side < 60
        ? []
        : expectedMarks(of: photo.crop).map {
          CropPicture.Cross($0, reach: min(reach, side / 24), isStrong: false)
        })
  }

  /// For the title, while another page is in front.
  var photoProgress: String? {
    guard !photo.isOpen, let projection = photo.projection, projection.isUnderWay else {
      return nil
    }
    return "photo \(100 * projection.steps / max(1, projection.plannedSteps)) %"
  }
}

extension State.ImageID {
  /// The photo with its square.
  package static let photo = 4
  /// What the square holds.
  package static let target = 5
  /// The nearest face.
  package static let found = 6
}

extension NumberText {
  /// Three digits: `0.00312`, `0.0312`, `0.312`, `3.12`, `312`.
  static func distance(_ value: Float) -> String {
    guard value.isFinite else { return "–" }
    let size = abs(value)
    let decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : size >= 0.1 ? 3 : size >= 0.01 ? 4 : 5
    let scale = [1, 10, 100, 1000, 10000, 100_000][decimals]
    let scaled = Int((min(size, 1e9) * Float(scale)).rounded())
    guard decimals > 0 else { return "\(scaled)" }
    let fraction = String(scaled % scale)
    return "\(scaled / scale)."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// Minutes and seconds: `0:07`, `12:30`.
  static func clock(_ seconds: Double) -> String {
    let whole = Int(min(max(seconds, 0), 1e7).rounded(.up))
    return "\(whole / 60):" + (whole % 60 < 10 ? "0" : "") + "\(whole % 60)"
  }
}
