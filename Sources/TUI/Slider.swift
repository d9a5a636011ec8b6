/// A value on a track: `────┼━━━●────`. The tick marks where the value rests.
package struct Slider: Hashable, Sendable {
  package var value: Float
  package var range: ClosedRange<Float>
  package var rest: Float

  package init(value: Float, in range: ClosedRange<Float>, rest: Float) {
    self.value = value
    self.range = range
    self.rest = rest
  }

  /// The column of the knob on a track `width` columns long.
  package func knob(width: Int) -> Int { column(of: value, width: width) }

  /// The value a click on this column means: exactly `rest` on the tick, so that nothing can be
  /// left a hair off zero.
  package func value(atColumn column: Int, width: Int) -> Float {
    if column == self.column(of: rest, width: width) { return rest }
    guard width > 1 else { return rest }
    let share = Float(min(max(column, 0), width - 1)) / Float(width - 1)
    return range.lowerBound + share * (range.upperBound - range.lowerBound)
  }

  package func draw(into frame: inout Frame, _ rect: Rect, theme: Theme, isFocused: Bool) {
    let width = rect.size.columns
    guard width > 0, rect.size.rows > 0 else { return }
    let knob = knob(width: width)
    let tick = column(of: rest, width: width)
    let isMoved = value != rest
    for column in 0..<width {
      let isBetween = column > min(knob, tick) && column < max(knob, tick)
      let (glyph, style) =
        if column == knob {
          ("●", isFocused ? theme.focus : isMoved ? theme.accent : theme.text)
        } else if column == tick {
          ("┼", theme.dim)
        } else if isBetween {
          ("━", theme.accent)
        } else {
          ("─", theme.dim)
        }
      frame.put(glyph, column: rect.origin.column + column, row: rect.origin.row, style: style)
    }
  }

  private func column(of value: Float, width: Int) -> Int {
    guard width > 1, range.upperBound > range.lowerBound, value.isFinite else { return 0 }
    let share = (value - range.lowerBound) / (range.upperBound - range.lowerBound)
    return Int((min(max(share, 0), 1) * Float(width - 1)).rounded())
  }
}
