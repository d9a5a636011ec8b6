import Film
import Latents

/// What there is to say about a film that was made.
struct FilmSummary {
  let plan: FilmPlan
  let path: String
  let share: Shard
  let speed: EvenSpeed?
  let report: FilmMaker.Report
  let elapsed: Duration

  func print(asJSON: Bool) {
    if asJSON {
      StandardOutput.write(json.pretty)
      return
    }
    if let speed, report.ending != .cancelled { StandardError.write("mien: \(words(speed))\n") }
    if report.ending == .shareDone {
      let next =
        plan.format == .frames
        ? "" : "; the last to be done joins them, or 'mien video join \(path)'"
      StandardError.write("mien: share \(share) is done\(next)\n")
    }
  }

  /// The largest change from frame to frame by the median one.
  private func words(_ speed: EvenSpeed) -> String {
    let now = report.steps.map(SpeedCurve.unevenness) ?? speed.even
    return
      "the largest step is \(short(now)) × the median one; without --constant-speed \(short(speed.plain)) ×"
  }

  private var json: JSONDocument {
    let seconds =
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
    var members = JSONMembers([
      "output": .string(path),
      "format": .string(plan.format.title),
      "frames": .number(plan.frames),
      "fps": .string(plan.timeline.frameRate.description),
      "side": .number(plan.side),
      "share": .string(share.description),
      "finished": .bool(report.ending == .finished),
      "kept": .number(report.kept),
      "rendered": .number(report.rendered),
      "seconds": .number((seconds * 1000).rounded() / 1000),
    ])
    if let steps = report.steps, !steps.isEmpty {
      members["steps"] = .object(
        JSONMembers([
          "largest by median": .number((SpeedCurve.unevenness(steps) * 1000).rounded() / 1000),
          "plain": speed.map { .number(($0.plain * 1000).rounded() / 1000) } ?? .null,
          "distances": .array(steps.map { .number(($0 * 1000).rounded() / 1000) }),
        ]))
    }
    return .object(members)
  }
}
