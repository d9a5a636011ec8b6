import Files
import Glibc

/// The program ffmpeg, where there is one.
///
/// The program and not its libraries: their interface changes with every major version and belongs
/// to one distribution's build, while a pipe into the program works with all of them, needs nothing
/// at build time, and runs the encoder beside the generator anyway. What passes through the pipe is
/// final: sizes, range and matrix are ours.
package struct FFmpeg: Hashable, Sendable {
  package let path: String
  /// Names of its encoders.
  package let encoders: Set<String>

  /// The program, by the search path; nil where it is not.
  package static func find(in environment: [String: String]) -> FFmpeg? {
    let folders = (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
    guard
      let path = folders.map({ "\($0)/ffmpeg" }).first(where: { (path: String) -> Bool in
        unsafe access(path, X_OK) == 0
      }), let encoders = listEncoders(path)
    else { return nil }
    return FFmpeg(path: path, encoders: encoders)
  }

  private static func listEncoders(_ path: String) -> Set<String>? {
    guard let list = try? ChildProcess.answer(of: path, ["-hide_banner", "-encoders"]) else {
      return nil
    }
    // ` V....D libx264              libx264 H.264 …`
    let names = list.split(whereSeparator: \.isNewline)
      .compactMap { line -> String? in
        let words = line.split(separator: " ", maxSplits: 2)
        return words.count > 1 && words[0].hasPrefix("V") ? String(words[1]) : nil
      }
    return Set(names)
  }

  /// Encoders of a format, the preferred first, with what they are told.
  ///
  /// One thread each: the cores are the generator's, and the bytes do not depend on how many there
  /// are. x264 at "medium" took a third of the frame rate at 1024². At "superfast" it takes a tenth
  /// of that, but files are two and a half times as large for want of looking ahead; with a short
  /// look they are as small as those of "veryfast", in two thirds of its time. Quality is set where
  /// neither eye nor PSNR (above 40 dB) finds much to complain of.
  private static func encoders(of format: FilmFormat) -> [(name: String, options: [String])] {
    switch format {
    case .mp4:
      [
        (
          "libx264",
          ["-preset", "superfast", "-mbtree", "1", "-rc-lookahead", "5", "-crf", "16"]
            + ["-profile:v", "high"]
        ),
        ("libopenh264", ["-b:v", "8M"]),
      ]
    case .webm(.vp9):
      [("libvpx-vp9", ["-deadline", "good", "-cpu-used", "4", "-crf", "20", "-b:v", "0"])]
    case .webm(.av1):
      [
        ("libsvtav1", ["-preset", "8", "-crf", "20", "-svtav1-params", "lp=1"]),
        ("libaom-av1", ["-cpu-used", "6", "-crf", "20", "-b:v", "0"]),
      ]
    case .gif, .apng, .y4m, .frames: []
    }
  }

  private func encoder(
    for format: FilmFormat
  ) throws(FilmError) -> (name: String, options: [String]) {
    let known = FFmpeg.encoders(of: format)
    guard let found = known.first(where: { encoders.contains($0.name) }) else {
      throw .noEncoder(format, encoders: known.map(\.name))
    }
    return found
  }

  package func requireEncoder(for format: FilmFormat) throws(FilmError) {
    _ = try encoder(for: format)
  }

  /// Encodes Y4M from its input to one part of a film, with a time base that is exact.
  func encode(_ format: FilmFormat, to path: String) throws(FilmError) -> ChildProcess {
    let encoder = try encoder(for: format)
    return try ChildProcess(
      self.path,
      ["-v", "error", "-nostdin", "-xerror", "-y", "-f", "yuv4mpegpipe", "-i", "pipe:0"]
        + ["-an", "-c:v", encoder.name] + encoder.options + ["-threads", "1"]
        + ["-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709"]
        + ["-color_trc", "bt709", "-color_range", "tv", "-chroma_sample_location", "left"]
        + ["-fflags", "+bitexact", "-flags", "+bitexact", "-f", "nut", "file:" + path])
  }

  /// Puts parts one after another into a file that players open at once, without encoding again.
  /// - Parameters:
  ///   - list: a script of ffmpeg's concat demuxer.
  ///   - metadata: a file of ffmpeg's metadata.
  func join(_ format: FilmFormat, list: String, metadata: String, to path: String)
    throws(FilmError)
  {
    let container =
      format == .mp4 ? ["-movflags", "+faststart", "-f", "mp4"] : ["-f", "webm"]
    var child = try ChildProcess(
      self.path,
      ["-v", "error", "-nostdin", "-xerror", "-y", "-f", "concat", "-safe", "0"]
        + ["-i", "file:" + list, "-f", "ffmetadata", "-i", "file:" + metadata]
        + ["-map", "0:v", "-map_metadata", "1", "-c", "copy"]
        + ["-fflags", "+bitexact", "-flags", "+bitexact"] + container + ["file:" + path])
    try child.finish()
  }
}
