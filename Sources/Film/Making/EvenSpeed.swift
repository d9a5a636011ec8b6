package import Latents
package import StyleGAN

/// The times at which a film's frames change evenly, found by looking at small pictures along it.
package struct EvenSpeed: Hashable, Sendable {
  package let times: [Double]
  /// The largest step between frames by the median one, as the film would be by its plain times and
  /// as it is now; both by the small pictures.
  package let plain: Double
  package let even: Double

  /// - Parameter progress: pictures looked at, of so many.
  /// - Returns: nil where it was cancelled.
  package init?(
    _ path: TimelinePath, model: any LatentModel, frames: Int,
    progress: (Int, Int) -> Void, isCancelled: @escaping @Sendable () -> Bool
  ) {
    let timeline = path.timeline
    let schedule = path.schedule
    let plainTimes = schedule.times(frames: frames, isLoop: timeline.isLoop)
    let isMoving = !timeline.sweeps.isEmpty || timeline.psi != nil
    func moves(_ piece: TimelineSchedule.Piece) -> Bool { piece.next != nil || isMoving }
    // As often as there are frames shows every turn that a viewer could see; very long films are
    // looked at forty-eight times a transition.
    let transitions = schedule.pieces.filter(moves).count
    let looks = SpeedCurve.times(
      to: schedule, count: min(frames, 48 * max(1, transitions)), moving: moves)
    guard looks.count > 1, frames > 1 else {
      (times, plain, even) = (plainTimes, 1, 1)
      return
    }
    let sizes = model.configuration.previewResolutions
    let size = sizes.last { $0 <= PictureDistance.side } ?? sizes[0]
    let source = FrameSource(model, isCancelled: isCancelled)
    func look(_ time: Double) -> PictureDistance.View? {
      // Without the noise's own change, which is even.
      source.image(path.frame(at: time, turn: 0), side: size, upTo: size).map {
        PictureDistance.View($0)
      }
    }
    guard var last = look(looks[0]) else { return nil }
    var distances: [Double] = []
    for (index, time) in looks.enumerated().dropFirst() {
      progress(index, looks.count)
      guard let next = look(time) else { return nil }
      distances.append(PictureDistance.between(last, next))
      last = next
    }
    let holds = schedule.pieces.filter { !moves($0) }
    let curve = SpeedCurve(times: looks, distances: distances) { from, to in
      holds.contains { $0.start <= from + 1e-9 && to <= $0.end + 1e-9 }
    }
    times = curve.evenTimes(frames: frames, isLoop: timeline.isLoop)
    plain = curve.unevenness(of: plainTimes, isLoop: timeline.isLoop)
    even = curve.unevenness(of: times, isLoop: timeline.isLoop)
  }
}
