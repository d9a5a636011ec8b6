import Imaging
import Latents
import TUI

/// What the photo page says beside its pictures.
struct PhotoText {
  enum Line: Hashable {
    case heading(String, String)
    case fact(String, String)
    case key(String, String)
    case note(String, isWarning: Bool)
    case bar(Double)
    case blank
  }

  /// Columns for names and keys.
  static let indent = 9

  let facts: [Line]
  let advice: [Line]

  init(_ photo: PhotoPage, screen: TerminalTraits) {
    let (columns, rows) = (screen.size.columns, screen.size.rows)
    let isSmall = rows < 20 || columns < 60 && rows < 32
    if let projection = photo.projection {
      facts = Self.facts(projection, isSmall: isSmall)
      advice = Self.advice(projection, isSmall: isSmall)
    } else if let shown = photo.photo {
      facts = Self.facts(photo, shown, isSmall: isSmall)
      advice = Self.advice(photo, isSmall: isSmall)
    } else {
      facts = [.heading("PHOTO", photo.opening.map { "reading \($0)…" } ?? "")]
      advice = []
    }
  }

  // MARK: The square

  private static func facts(
    _ photo: PhotoPage, _ shown: PhotoPage.Photo, isSmall: Bool
  ) -> [Line] {
    var lines: [Line] = [.heading("PHOTO", shown.name)]
    lines.append(.fact("picture", "\(shown.width)×\(shown.height) \(shown.kind)"))
    if let marking = photo.marking {
      lines += [
        .fact("marks", "\(marking.places.count) of 3"),
        .note("now: \(marking.name)", isWarning: true),
      ]
      return lines
    }
    lines += faces(photo)
    lines.append(.fact("square", square(photo.crop)))
    return lines
  }

  /// `172 px at 226,108 · −3.2°`
  static func square(_ crop: PhotoCrop) -> String {
    func whole(_ value: Double) -> String { "\(Int(value.rounded()))" }
    var text = "\(whole(crop.size)) px at \(whole(crop.x)),\(whole(crop.y))"
    if abs(crop.angle) >= 0.05 { text += " · \(NumberText.value(Float(crop.angle)))°" }
    return text
  }

  private static func faces(_ photo: PhotoPage) -> [Line] {
    switch photo.faces {
    case .looking: return [.fact("faces", "being looked for…")]
    case .found(.faces(let crops)):
      let count = crops.count == 1 ? "one found" : "\(photo.face + 1) of \(crops.count)"
      return [.fact("face", count)]
    case .found(.whole): return [.fact("face", "whole: the model's own size")]
    case .found(.notFaces): return [.fact("face", "none: the model is not of faces")]
    case .found(.none):
      return [.note("no face found: put the square on it", isWarning: true)]
    case .failed(let reason): return [.note("faces: \(reason)", isWarning: true)]
    }
  }

  private static func advice(_ photo: PhotoPage, isSmall: Bool) -> [Line] {
    if photo.marking != nil {
      return isSmall
        ? [.key("enter", "sets the mark"), .key("esc", "back")]
        : [
          .key("click", "sets the mark there"), .key("←↑↓→", "move the cross"),
          .key("enter", "sets the mark"), .key("bksp", "takes the last back"),
          .key("esc", "back to the square"),
        ]
    }
    let find: [Line] =
      isSmall
      ? [.key("enter", estimate(photo, isShort: true))]
      : [.key("enter", "finds this face in the model"), .key("d", estimate(photo, isShort: false))]
    if isSmall { return find }
    var lines = find
    if photo.foundCrops.count > 1 { lines.append(.key("f", "the next face")) }
    lines += [
      .key("←↑↓→", "move the square (or drag it)"),
      .key("+ −", "closer, wider (or the wheel)"),
      .key("[ ]", "turn it (or shift-wheel)"),
      .key("m", "mark eyes and mouth instead"),
    ]
    if photo.isTouched { lines.append(.key("0", "the square as it was")) }
    return lines
  }

  private static func estimate(_ photo: PhotoPage, isShort: Bool) -> String {
    let steps = State.projectionSteps
    guard let pace = photo.pace else {
      return isShort ? "finds it" : photo.distance == .builtin ? "by the pyramid" : "by LPIPS"
    }
    let time = NumberText.clock(pace.secondsPerStep * Double(steps))
    return isShort ? "in ≤ \(time)" : "by \(pace.features), at most \(time)"
  }

  // MARK: The search

  private static func facts(_ projection: PhotoProjection, isSmall: Bool) -> [Line] {
    let space = projection.space == .w ? "IN W" : "IN W+"
    let (done, planned) = (projection.steps, projection.plannedSteps)
    var lines: [Line] = [.heading(space, title(projection))]
    if projection.isUnderWay {
      if !isSmall { lines.append(.bar(Double(done) / Double(max(1, planned)))) }
      lines.append(.fact("step", "\(done) of \(isSmall ? "" : "at most ")\(planned)"))
      if let left = projection.secondsLeft {
        lines.append(
          .fact(
            projection.stage == .preparing ? "time" : "left",
            (isSmall ? "≤ " : "at most ") + NumberText.clock(left)))
      }
    } else {
      lines.append(.fact("steps", "\(done)"))
    }
    if let best = projection.best {
      lines.append(.fact(isSmall ? "off" : "distance", NumberText.distance(best.distance)))
    }
    if isSmall { return lines }
    if !projection.features.isEmpty { lines.append(.fact("by", projection.features)) }
    if !projection.run.start.isEmpty { lines.append(.fact("from", projection.run.start)) }
    if !projection.isUnderWay, projection.runs.count > 1, let first = projection.runs[0].best {
      lines.append(.fact("in W", "was \(NumberText.distance(first.distance))"))
    }
    return lines
  }

  private static func title(_ projection: PhotoProjection) -> String {
    switch projection.stage {
    case .preparing: "getting ready…"
    case .running: "being found"
    case .paused: "paused"
    case .ended(.level): "found: it is level"
    case .ended(.allSteps): "found"
    case .ended(.stopped): projection.best == nil ? "stopped" : "stopped here"
    case .ended(.failed): projection.best == nil ? "not found" : "failed on the way"
    }
  }

  private static func advice(_ projection: PhotoProjection, isSmall: Bool) -> [Line] {
    if isSmall {
      return projection.best == nil ? [] : [.key("enter", "edit it")]
    }
    var lines: [Line] = []
    if projection.best != nil { lines.append(.key("enter", "edit this face")) }
    if projection.isUnderWay {
      switch projection.stage {
      case .running: lines.append(.key("space", "pause"))
      case .paused: lines.append(.key("space", "go on"))
      case .preparing, .ended: break
      }
      lines += [.key("x", "stop here"), .key("esc", "edit meanwhile")]
      return lines
    }
    if projection.canRefine {
      lines += [
        .key("w", "refine in W+:"), .fact("", "nearer, but edits"), .fact("", "hold less well"),
      ]
    }
    lines.append(.key("c", "the square again"))
    return lines
  }
}
