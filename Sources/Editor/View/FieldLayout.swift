package import TUI

/// The parts of one control on its line.
package struct FieldLayout: Hashable, Sendable {
  package var control: Control
  package var mark: Rect
  package var name: Rect
  package var track: Rect?
  package var value: Rect
  /// The layer range of a slider.
  package var range: Rect?
}

extension FieldLayout {
  /// Columns of the section's title before a line's controls.
  static let titleColumns = 9
  private static let trackMost = 31

  /// A slider over the whole line: mark, name, track, value, layer range.
  static func slider(_ id: SliderID, in rect: Rect, nameColumns: Int) -> FieldLayout {
    var rest = rect
    let mark = rest.takeLeft(1)
    let most = max(7, rect.size.columns * 36 / 100)
    let name = rest.takeLeft(min(max(nameColumns, 6), most))
    let range = rect.size.columns >= PanelLayout.narrow ? rest.takeRight(6) : nil
    if range != nil { _ = rest.takeRight(1) }
    let value = rest.takeRight(5)
    _ = rest.takeRight(1)
    _ = rest.takeLeft(1)
    return FieldLayout(
      control: .slider(id), mark: mark, name: name, track: oddTrack(rest), value: value,
      range: range)
  }

  /// Controls side by side after the section's title.
  static func fields(_ controls: [Control], in rect: Rect, isNarrow: Bool) -> [FieldLayout] {
    var rest = rect
    if !isNarrow { _ = rest.takeLeft(titleColumns - 1) }
    var spare = rest.size.columns - (controls.count - 1)
    for control in controls {
      spare -= 1 + control.nameColumns(isNarrow: isNarrow) + 1 + control.valueColumns.lowerBound
    }
    return controls.map { control in
      let mark = rest.takeLeft(1)
      let nameColumns = control.nameColumns(isNarrow: isNarrow)
      let name = rest.takeLeft(nameColumns)
      if nameColumns > 0 { _ = rest.takeLeft(1) }
      var track: Rect?
      if control.hasTrack, spare >= 4 {
        let width = min(spare - 1, trackMost)
        track = oddTrack(rest.takeLeft(width))
        _ = rest.takeLeft(1)
        spare -= width + 1
      }
      // A control that is alone on its line may say as much as it likes.
      let most = controls.count == 1 ? rect.size.columns : control.valueColumns.upperBound
      let extra = min(max(0, spare), most - control.valueColumns.lowerBound)
      spare -= extra
      let value = rest.takeLeft(control.valueColumns.lowerBound + extra)
      _ = rest.takeLeft(1)
      return FieldLayout(control: control, mark: mark, name: name, track: track, value: value)
    }
  }

  /// An odd number of columns, so that the middle is one of them.
  private static func oddTrack(_ rect: Rect) -> Rect {
    var track = rect
    track.size.columns = min(track.size.columns, trackMost)
    if track.size.columns % 2 == 0 { track.size.columns = max(0, track.size.columns - 1) }
    return track
  }
}

extension Control {
  func name(isNarrow: Bool) -> String {
    switch self {
    case .slider(let id): id.direction
    case .mixBorder, .mixRow: ""
    case .mixFace: isNarrow ? "face B" : "B"
    case .mixWeight: "weight"
    case .psi: "ψ"
    case .cutoff: "cutoff"
    case .classIndex: "class"
    case .noiseMode: isNarrow ? "noise" : ""
    case .noiseSeed: "seed"
    }
  }

  fileprivate func nameColumns(isNarrow: Bool) -> Int {
    isNarrow ? 6 : name(isNarrow: false).columns
  }

  fileprivate var hasTrack: Bool { self == .psi || self == .mixWeight }

  fileprivate var valueColumns: ClosedRange<Int> {
    switch self {
    case .slider, .psi: 5...5
    case .mixBorder, .mixRow: 0...0
    case .mixFace: 7...15
    case .mixWeight: 4...4
    case .cutoff: 3...3
    case .classIndex: 4...6
    case .noiseMode: 6...6
    case .noiseSeed: 3...10
    }
  }
}
