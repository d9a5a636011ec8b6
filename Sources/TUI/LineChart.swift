/// Numbers as a line of dots, eight in a cell, between two axes.
package struct LineChart: Hashable, Sendable {
  /// Values one after another, from the place of the first.
  package struct Line: Hashable, Sendable {
    package var values: [Float]
    package var first: Int
    package var style: CellStyle

    package init(_ values: [Float], from first: Int = 0, style: CellStyle) {
      self.values = values
      self.first = first
      self.style = style
    }
  }

  package var lines: [Line]
  /// Places across the whole width; more than the values where more are expected.
  package var count: Int

  package init(_ lines: [Line], count: Int) {
    self.lines = lines
    self.count = count
  }

  /// The lowest and highest value; nil where there is none.
  package var range: (low: Float, high: Float)? {
    let values = lines.flatMap(\.values).filter(\.isFinite)
    guard let low = values.min(), let high = values.max() else { return nil }
    return (low, high)
  }

  /// - Parameter label: how a value is written at the axis
  package func draw(
    into frame: inout Frame, _ rect: Rect, theme: Theme, label: (Float) -> String
  ) {
    guard !rect.isEmpty else { return }
    var rect = rect
    if let (low, high) = range {
      let names = [label(high), label(low)]
      let width = min(rect.size.columns / 3, names.map(\.columns).max() ?? 0)
      let margin = rect.takeLeft(width + 1)
      for (name, row) in zip(names, [rect.rows.lowerBound, rect.rows.upperBound - 1])
      where row == rect.rows.lowerBound || rect.size.rows > 1 {
        frame.put(name, endingAt: margin.columns.upperBound - 1, row: row, style: theme.dim)
      }
    }
    let axis = rect.takeLeft(1)
    for row in axis.rows {
      let isEnd = row == axis.rows.lowerBound || row == axis.rows.upperBound - 1
      frame.put(isEnd ? "┤" : "│", column: axis.origin.column, row: row, style: theme.border)
    }
    guard !rect.isEmpty, let (low, high) = range else { return }
    for line in lines {
      let dots = dots(
        of: line, columns: rect.size.columns * 2, rows: rect.size.rows * 4, low: low, high: high)
      draw(dots, into: &frame, rect, style: line.style)
    }
  }

  private func draw(
    _ dots: [(column: Int, rows: ClosedRange<Int>)], into frame: inout Frame, _ rect: Rect,
    style: CellStyle
  ) {
    var cells: [Point: UInt32] = [:]
    for (column, rows) in dots {
      for row in rows {
        cells[Point(column: column / 2, row: row / 4), default: 0] |=
          LineChart.bit(column: column % 2, row: row % 4)
      }
    }
    for (cell, bits) in cells {
      let (column, row) = (rect.origin.column + cell.column, rect.origin.row + cell.row)
      // Where lines cross, cells show both.
      let before = frame[column, row].text.unicodeScalars.first.map(\.value) ?? 0
      let known = (0x2800...0x28FF).contains(before) ? before - 0x2800 : 0
      guard let scalar = Unicode.Scalar(0x2800 + (bits | known)) else { continue }
      frame.put(String(Character(scalar)), column: column, row: row, style: style)
    }
  }

  /// The dot of a braille character.
  private static func bit(column: Int, row: Int) -> UInt32 {
    row == 3 ? 0x40 << UInt32(column) : 1 << UInt32(row + 3 * column)
  }

  /// For each column of dots the rows that the line takes, so that it has no gaps.
  func dots(
    of line: Line, columns: Int, rows: Int, low: Float, high: Float
  ) -> [(column: Int, rows: ClosedRange<Int>)] {
    guard columns > 0, rows > 0, !line.values.isEmpty else { return [] }
    let last = max(1, max(count, line.first + line.values.count) - 1)
    func row(_ value: Float) -> Int {
      guard high > low, value.isFinite else { return rows - 1 }
      return Int((Float(rows - 1) * (high - value) / (high - low)).rounded())
    }
    var dots: [(column: Int, rows: ClosedRange<Int>)] = []
    var before: Int?
    for column in 0..<columns {
      let place = Float(column) * Float(last) / Float(max(1, columns - 1)) - Float(line.first)
      guard place >= -0.5, place <= Float(line.values.count) - 0.5 else { continue }
      let clamped = min(max(place, 0), Float(line.values.count - 1))
      let index = Int(clamped)
      let share = clamped - Float(index)
      let next = line.values[min(index + 1, line.values.count - 1)]
      let value = share == 0 ? line.values[index] : line.values[index] + share * (next - line.values[index])
      let here = row(value)
      var span = here...here
      if let before, before != here {
        span = before < here ? before + 1...here : here...before - 1
      }
      dots.append((column, span))
      before = here
    }
    return dots
  }
}
