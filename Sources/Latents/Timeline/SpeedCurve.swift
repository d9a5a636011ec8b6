/// How much the picture has changed by each time of a schedule, and the times at which it has
/// changed evenly.
///
/// Holds keep their seconds; the time of the transitions is shared out by change.
package struct SpeedCurve: Hashable, Sendable {
  /// Times of the schedule at which the picture was looked at, rising from 0 to its length.
  private let times: [Double]
  /// Change up to each of them.
  private let changes: [Double]
  /// Even time up to each of them, rising strictly.
  private let clock: [Double]

  /// The times at which to look: `perSecond` in transitions and the bounds of all pieces.
  package static func times(
    to look: TimelineSchedule, count: Int, moving: (TimelineSchedule.Piece) -> Bool
  ) -> [Double] {
    let moves = look.pieces.filter(moving)
    let seconds = moves.reduce(0) { $0 + $1.end - $1.start }
    var times = [0.0]
    for piece in look.pieces {
      guard moving(piece), seconds > 0 else {
        times.append(piece.end)
        continue
      }
      let span = piece.end - piece.start
      let steps = max(4, Int((Double(count) * span / seconds).rounded(.up)))
      for step in 1...steps {
        times.append(step == steps ? piece.end : piece.start + span * Double(step) / Double(steps))
      }
    }
    return times
  }

  /// - Parameters:
  ///   - times: as `times(to:count:moving:)` gives them.
  ///   - distances: between the pictures at neighbouring times, one fewer.
  ///   - isHold: whether the film stands still from a time to the next.
  package init(times: [Double], distances: [Double], isHold: (Double, Double) -> Bool) {
    precondition(times.count == distances.count + 1 && times.count > 1, "nothing to re-time")
    self.times = times
    let holds = distances.indices.map { isHold(times[$0], times[$0 + 1]) }
    var total = 0.0
    var moving = 0.0
    for index in distances.indices where !holds[index] {
      total += distances[index]
      moving += times[index + 1] - times[index]
    }
    var changes = [0.0]
    var clock = [0.0]
    for index in distances.indices {
      let span = times[index + 1] - times[index]
      changes.append(changes[index] + distances[index])
      // A thousandth of its own time keeps the clock going where nothing changes.
      let even = total > 0 ? moving * distances[index] / total : span
      clock.append(clock[index] + (holds[index] ? span : even * 0.999 + span * 0.001))
    }
    self.changes = changes
    self.clock = clock
  }

  /// The times of the schedule for frames at even change.
  package func evenTimes(frames: Int, isLoop: Bool) -> [Double] {
    let steps = isLoop ? frames : frames - 1
    let end = clock[clock.count - 1]
    return (0..<frames).map { frame in
      steps == 0 ? 0 : interpolate(clock, times, at: end * Double(frame) / Double(steps))
    }
  }

  /// How even the steps between frames at these times are: the largest by the median.
  package func unevenness(of frameTimes: [Double], isLoop: Bool) -> Double {
    var places = frameTimes.map { interpolate(times, changes, at: $0) }
    if isLoop { places.append(changes[changes.count - 1]) }
    return SpeedCurve.unevenness(zip(places.dropFirst(), places).map { $0 - $1 })
  }

  /// The largest step by the median one, of those that are steps at all.
  package static func unevenness(_ steps: [Double]) -> Double {
    let largest = steps.max() ?? 0
    // A hold is no step.
    let moving = steps.filter { $0 > largest * 1e-6 }.sorted()
    guard !moving.isEmpty, largest > 0 else { return 1 }
    let middle = moving.count / 2
    let median =
      moving.count.isMultiple(of: 2) ? (moving[middle - 1] + moving[middle]) / 2 : moving[middle]
    return largest / median
  }

  /// y at x by a curve through the points that rises wherever they do (Fritsch and Butland 1984).
  private func interpolate(_ xs: [Double], _ ys: [Double], at x: Double) -> Double {
    var (low, high) = (0, xs.count - 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if xs[middle] <= x { low = middle } else { high = middle }
    }
    let h = xs[low + 1] - xs[low]
    guard h > 0 else { return ys[low] }
    func slope(_ i: Int) -> Double? {
      guard i >= 0, i + 1 < xs.count, xs[i + 1] > xs[i] else { return nil }
      return (ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i])
    }
    func tangent(_ i: Int) -> Double {
      guard let a = slope(i - 1), let b = slope(i) else { return slope(i) ?? slope(i - 1) ?? 0 }
      return a * b > 0 ? 2 * a * b / (a + b) : 0
    }
    let t = min(1, max(0, (x - xs[low]) / h))
    let (t2, t3) = (t * t, t * t * t)
    return (2 * t3 - 3 * t2 + 1) * ys[low] + (t3 - 2 * t2 + t) * h * tangent(low)
      + (3 * t2 - 2 * t3) * ys[low + 1] + (t3 - t2) * h * tangent(low + 1)
  }
}
