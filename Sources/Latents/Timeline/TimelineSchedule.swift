/// When a film is where: holds and transitions one after another, in seconds.
package struct TimelineSchedule: Hashable, Sendable {
  package struct Piece: Hashable, Sendable {
    package let start: Double
    package let end: Double
    /// The keyframe it stays at, or leaves.
    package let keyframe: Int
    /// The keyframe it goes to; nil for a hold.
    package let next: Int?
  }

  /// Without gaps; empty for a film that is one still face without a hold.
  package let pieces: [Piece]
  /// Seconds.
  package let length: Double

  package init(_ timeline: Timeline) {
    var pieces: [Piece] = []
    var time = 0.0
    let count = timeline.keyframes.count
    for (index, keyframe) in timeline.keyframes.enumerated() {
      if keyframe.hold > 0 {
        pieces.append(
          Piece(start: time, end: time + keyframe.hold, keyframe: index, next: nil))
        time += keyframe.hold
      }
      let isLast = index + 1 == count
      // One keyframe has nowhere to go: what moves then are tracks and noise.
      guard keyframe.duration > 0, !isLast || timeline.isLoop || count == 1 else { continue }
      pieces.append(
        Piece(
          start: time, end: time + keyframe.duration, keyframe: index,
          next: count == 1 ? nil : (index + 1) % count))
      time += keyframe.duration
    }
    self.pieces = pieces
    length = time
  }

  /// Where the film is at a time.
  package func place(at time: Double) -> (piece: Piece, share: Double)? {
    var (low, high) = (0, pieces.count)
    while low < high {
      let middle = (low + high) / 2
      if pieces[middle].start <= time { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return pieces.first.map { ($0, 0) } }
    let piece = pieces[low - 1]
    return (piece, min(1, max(0, (time - piece.start) / (piece.end - piece.start))))
  }

  /// The times of evenly spaced frames: of a loop the end, which is the beginning, is left out;
  /// otherwise both ends are in.
  package func times(frames: Int, isLoop: Bool) -> [Double] {
    let steps = isLoop ? frames : frames - 1
    return (0..<frames).map { steps == 0 ? 0 : length * Double($0) / Double(steps) }
  }
}
