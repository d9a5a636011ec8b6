/// The files a film can be.
package enum FilmFormat: Hashable, Sendable {
  package enum WebMCodec: String, Hashable, Sendable, CaseIterable { case vp9, av1 }

  /// H.264.
  case mp4
  case webm(WebMCodec)
  case gif
  /// Animated PNG.
  case apng
  /// Uncompressed, for pipes to other programs.
  case y4m
  /// A folder of numbered PNG files.
  case frames

  /// Which format a file name asks for by its ending; nil for one that is none of ours.
  package init?(ending: Substring, codec: WebMCodec = .vp9) {
    switch ending.lowercased() {
    case "mp4", "m4v", "mov": self = .mp4
    case "webm": self = .webm(codec)
    case "gif": self = .gif
    case "png", "apng": self = .apng
    case "y4m": self = .y4m
    default: return nil
    }
  }

  package var title: String {
    switch self {
    case .mp4: "MP4"
    case .webm(.vp9): "WebM"
    case .webm(.av1): "WebM with AV1"
    case .gif: "GIF"
    case .apng: "APNG"
    case .y4m: "Y4M"
    case .frames: "a folder of PNGs"
    }
  }

  /// Formats that are written here, without another program.
  package static let endingsWithoutProgram = ".gif, .png (APNG), .y4m or a folder of PNGs"

  package var needsProgram: Bool {
    switch self {
    case .mp4, .webm: true
    case .gif, .apng, .y4m, .frames: false
    }
  }

  /// Whether colours have half the resolution of lightness.
  package var isSubsampled: Bool {
    switch self {
    case .mp4, .webm, .y4m: true
    case .gif, .apng, .frames: false
    }
  }

  /// Names and settings that decide the bytes; part of every part's name.
  var identity: String {
    switch self {
    case .mp4: "mp4 1"
    case .webm(let codec): "webm \(codec.rawValue) 1"
    case .gif: "gif 1"
    case .apng: "apng 1"
    case .y4m: "y4m 1"
    case .frames: "frames 1"
    }
  }

  package static let sides = 4...8192

  /// Refuses what the format cannot hold.
  package func validate(side: Int, frames: Int, rate: (text: String, perSecond: Double))
    throws(FilmError)
  {
    guard FilmFormat.sides.contains(side) else {
      throw .side(side, limit: FilmFormat.sides)
    }
    if isSubsampled, !side.isMultiple(of: 2) { throw .oddSide(side, self) }
    // Browsers show a delay of less than 2/100 s as 10/100.
    if case .gif = self, rate.perSecond > 50 { throw .rate(rate.text, self, limit: 50) }
    if case .apng = self, frames > 1 << 30 { throw .tooManyFrames(frames, self, limit: 1 << 30) }
  }
}
