package import Files

/// A timeline that cannot be read, written or filmed; `file` names it where it is one.
package struct TimelineError: Error, Hashable, Sendable {
  package enum Reason: Error, Hashable, Sendable {
    /// The system refused.
    case file(FileError)
    case tooLarge(bytes: Int, limit: Int)
    case notJSON(JSONSyntaxError)
    /// JSON, but without the field `mien-timeline`.
    case notTimeline
    case version(found: String)
    /// A field that is missing or not what it should be.
    case field(PresetError)
    /// A preset that a keyframe names cannot be had.
    case keyframe(Int, PresetError)
    case noKeyframes
    case noFrames
    case tooManyFrames(limit: Int)
    case time(keyframe: Int, what: String, seconds: Double)
    case notFinite(String)
    case easedConstantSpeed
    case otherModel(timeline: ModelReference, loaded: ModelReference)
    /// A keyframe's recipe means nothing on the loaded model.
    case recipe(keyframe: Int, name: String, LatentError)
    /// Slerp between faces that have no z.
    case noZ(keyframe: Int, name: String)
    /// Slerp between keyframes of different classes.
    case classes(keyframe: Int, name: String)
    case sweep(LatentError)
    /// A sweep along a direction of Z.
    case sweepOfZ(direction: String)
    case rows(LatentError)
    case noNoise
  }

  package let file: String?
  package let reason: Reason

  package init(file: String? = nil, reason: Reason) {
    self.file = file
    self.reason = reason
  }
}

extension TimelineError: CustomStringConvertible {
  package var description: String {
    switch reason {
    case .file, .field: reason.description
    default: (file.map { "\($0): " } ?? "") + reason.description
    }
  }
}

extension TimelineError.Reason: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let error): error.description
    case .tooLarge(let bytes, let limit):
      "\(bytes) bytes is too much for a timeline, which has \(limit) at most"
    case .notJSON(let error): "not JSON: \(error)"
    case .notTimeline: "not a timeline: it has no field \"mien-timeline\""
    case .version(let found):
      "the timeline has format version \(found), this program reads version 1"
    case .field(let error): error.description
    case .keyframe(let number, let error): "keyframe \(number): \(error)"
    case .noKeyframes: "a film needs at least one keyframe"
    case .noFrames: "a film needs at least one frame"
    case .tooManyFrames(let limit): "a film has at most \(limit) frames"
    case .time(let keyframe, let what, let seconds):
      "keyframe \(keyframe): a \(what) is between 0 and 86400 seconds, not \(seconds)"
    case .notFinite(let what): "\(what) is not a finite number"
    case .easedConstantSpeed:
      "constant speed evens out what easing makes uneven; choose one of them"
    case .otherModel(let timeline, let loaded):
      PresetError(file: "", reason: .otherModel(preset: timeline, loaded: loaded)).description
        .replacing(": the preset was", with: "the timeline was", maxReplacements: 1)
    case .recipe(let number, let name, let error): "keyframe \(number) (\(name)): \(error)"
    case .noZ(let number, let name):
      "keyframe \(number) (\(name)) is given by its w and has no z to slerp; use linear or spline"
    case .classes(let number, let name):
      "keyframe \(number) (\(name)) has another class than the one before; slerp keeps to one class"
    case .sweep(let error), .rows(let error): error.description
    case .sweepOfZ(let direction):
      "the direction \"\(direction)\" moves z; a sweep needs a direction of W or W+"
    case .noNoise: "the model has no noise inputs that could change"
    }
  }
}
