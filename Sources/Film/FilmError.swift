package import Files

/// Why a film cannot be made, or not to its end.
package enum FilmError: Error, Hashable, Sendable {
  case file(FileError)
  /// The format needs a program that is not there.
  case noProgram(FilmFormat)
  /// The program is there but cannot write the format; `encoders` are those that could.
  case noEncoder(FilmFormat, encoders: [String])
  /// The program gave up; its own words.
  case program(name: String, words: String)
  /// A format that halves the colours' resolution needs even sides.
  case oddSide(Int, FilmFormat)
  case side(Int, limit: ClosedRange<Int>)
  /// More pictures a second than the format can say.
  case rate(FrameRateText, FilmFormat, limit: Int)
  case tooManyFrames(Int, FilmFormat, limit: Int)
  /// The folder has frames of a longer film, which would follow this one's.
  case otherFrames(folder: String, first: String)
  /// Parts of the film that are not there yet.
  case missingParts(folder: String, missing: Int, of: Int, first: String)
  case unknownEnding(path: String, ending: String)
  /// A file of the film's parts that is not what it should be.
  case damaged(path: String, problem: String)

  package typealias FrameRateText = String
}

extension FilmError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .file(let error): error.description
    case .noProgram(let format):
      "\(format.title) is written by the program ffmpeg, which was not found; install it, or choose "
        + "\(FilmFormat.endingsWithoutProgram)"
    case .noEncoder(let format, let encoders):
      "the ffmpeg that was found cannot write \(format.title): it lacks "
        + "\(encoders.joined(separator: " and ")); choose \(FilmFormat.endingsWithoutProgram)"
    case .program(let name, let words): "\(name) gave up: \(words)"
    case .oddSide(let side, let format):
      "\(format.title) needs an even size, because its colours have half the resolution: "
        + "\(side - 1) or \(side + 1), not \(side)"
    case .side(let side, let limit):
      "a film is \(limit.lowerBound) to \(limit.upperBound) pixels a side, not \(side)"
    case .rate(let rate, let format, let limit):
      "\(format.title) shows at most \(limit) frames a second, not \(rate)"
    case .tooManyFrames(let count, let format, let limit):
      "\(format.title) holds at most \(limit) frames, not \(count)"
    case .otherFrames(let folder, let first):
      "\(folder): the folder has frames of a longer film, \(first) and on; remove them or choose "
        + "another folder"
    case .missingParts(let folder, let missing, let count, let first):
      "\(folder): \(missing) of \(count) parts are missing, \(first) first; make them, with the same "
        + "command and --resume"
    case .unknownEnding(let path, let ending):
      "\(path): .\(ending) is not written; end the name in .mp4, .webm, .gif, .png (APNG) or .y4m, or "
        + "in / for a folder of PNGs"
    case .damaged(let path, let problem): "\(path): \(problem)"
    }
  }
}
