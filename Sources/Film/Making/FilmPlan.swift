import Files
package import Latents
import StyleGAN

/// A film down to its frames: what the generator gets for each, and how they are cut into parts.
package struct FilmPlan: Sendable {
  package let path: TimelinePath
  /// The time of each frame on the timeline's schedule.
  package let times: [Double]
  package let format: FilmFormat
  /// Pixels a side.
  package let side: Int
  /// What the weights are known by: the checkpoint's checksum, else its name.
  package let model: ModelReference
  /// Of a GIF.
  package var palette: GIFPalette?

  /// - Parameters:
  ///   - times: as many as the film has frames.
  ///   - side: that the format allows.
  package init(
    _ path: TimelinePath, times: [Double], format: FilmFormat, side: Int, model: ModelReference
  ) {
    self.path = path
    self.times = times
    self.format = format
    self.side = side
    self.model = model
  }

  package var frames: Int { times.count }
  package var timeline: Timeline { path.timeline }

  package func frame(_ number: Int) -> TimelinePath.Frame {
    path.frame(at: times[number], turn: Double(number) / Double(frames))
  }

  // MARK: Parts

  /// Frames a part has at most: what is encoded again after an interruption, and the distance of
  /// key frames at most.
  static func partLength(frames: Int) -> Int { min(max((frames + 63) / 64, 48), 240) }

  /// The frames of each part. They depend on the film alone, not on how many processes make it, so
  /// that the parts are the same bytes however it is made.
  package var parts: [Range<Int>] {
    let length = FilmPlan.partLength(frames: frames)
    let count = (frames + length - 1) / length
    return (0..<count).map { frames * $0 / count..<frames * ($0 + 1) / count }
  }

  // MARK: Names by content

  /// What decides the pixels of a frame, as 64 hexadecimal digits.
  package func fingerprint(of number: Int) -> String {
    SHA256.hex(digest: digest(of: number))
  }

  private func digest(of number: Int) -> [UInt8] {
    let frame = frame(number)
    var hash = SHA256()
    let words =
      "\(format.identity)|\(model.sha256 ?? model.name)|\(side)|" + FilmPlan.words(frame.noise)
    unsafe Array(words.utf8).withUnsafeBytes { unsafe hash.update($0) }
    unsafe frame.ws.withUnsafeBytes { unsafe hash.update($0) }
    return hash.digest()
  }

  private static func words(_ noise: NoiseMode) -> String {
    switch noise {
    case .const: "const"
    case .none: "none"
    case .random(let seed): "random \(seed)"
    case .turning(let circle, let share): "turning \(circle.seed) \(share.bitPattern)"
    }
  }

  /// The file name of a part: its frames and what decides its bytes.
  package func partName(_ range: Range<Int>) -> String {
    var hash = SHA256()
    let words = "\(timeline.frameRate)|"
    unsafe Array(words.utf8).withUnsafeBytes { unsafe hash.update($0) }
    if let palette { unsafe palette.colors.withUnsafeBytes { unsafe hash.update($0) } }
    for number in range { unsafe digest(of: number).withUnsafeBytes { unsafe hash.update($0) } }
    let digest = SHA256.hex(digest: hash.digest())
    return FilmPlan.digits(range.lowerBound) + "-" + FilmPlan.digits(range.upperBound - 1) + "-"
      + digest.prefix(16) + ".part"
  }

  /// `00042`
  package static func digits(_ number: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  /// `frame00042.png`
  package static func frameName(_ number: Int) -> String { "frame" + digits(number) + ".png" }
}
