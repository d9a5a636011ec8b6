import Glibc

/// A number that changes over the length of a film: values evenly spaced over it.
package struct Track: Hashable, Sendable {
  /// At least one.
  package let values: [Float]

  /// - Precondition: not empty.
  package init(_ values: [Float]) {
    precondition(!values.isEmpty, "a track without values")
    self.values = values
  }

  package init(from: Float, to: Float) { self.init([from, to]) }

  /// The value after a share 0…1 of the film: straight from value to value, or, in a loop, smoothly
  /// through all of them and back to the first (two values: there and back).
  package func value(at share: Double, isLoop: Bool) -> Float {
    let spans = isLoop ? values.count : values.count - 1
    guard spans > 0, values.count > 1 else { return values[0] }
    let place = min(max(share, 0), 1) * Double(spans)
    let index = min(Int(place), spans - 1)
    let t = place - Double(index)
    let (a, b) = (values[index], values[(index + 1) % values.count])
    if a == b { return a }
    return lerp(a, b, Float(isLoop ? (1 - cos(.pi * t)) / 2 : t))
  }
}

/// A step along a direction that changes over the length of a film.
package struct Sweep: Hashable, Sendable {
  package var direction: String
  /// Strengths.
  package var track: Track
  /// nil for where the direction applies by itself.
  package var rows: LayerRange?

  package init(direction: String, track: Track, rows: LayerRange? = nil) {
    self.direction = direction
    self.track = track
    self.rows = rows
  }
}
