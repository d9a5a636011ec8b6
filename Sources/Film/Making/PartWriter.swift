import Files
import Glibc
import Imaging
import Latents

/// Encodes the frames of one part; the file is there when `finish` has returned, whole.
final class PartWriter {
  private let plan: FilmPlan
  private let path: String
  /// ffmpeg, writing to a file that is put in place at the end.
  private var program: ChildProcess?
  private let temporary: String
  /// Or the part itself.
  private var file: AtomicFile?
  private var gif: GIF.Writer?

  init(_ plan: FilmPlan, path: String, ffmpeg: FFmpeg?) throws(FilmError) {
    self.plan = plan
    self.path = path
    temporary = path + ".tmp-\(getpid())"
    switch plan.format {
    case .mp4, .webm:
      guard let ffmpeg else { throw .noProgram(plan.format) }
      let rate = plan.timeline.frameRate
      program = try ffmpeg.encode(plan.format, to: temporary)
      try program?.write(Y4M.header(side: plan.side, rate: (rate.numerator, rate.denominator)))
    case .gif:
      guard let palette = plan.palette else { preconditionFailure("a GIF without a palette") }
      file = try PartWriter.start(path)
      gif = GIF.Writer(palette: palette, framesPerSecond: plan.timeline.frameRate.perSecond)
    case .apng, .y4m: file = try PartWriter.start(path)
    case .frames: preconditionFailure("a folder has no parts")
    }
  }

  deinit {
    // Given up: nothing is left behind.
    if program != nil {
      program = nil
      unsafe _ = unlink(temporary)
    }
  }

  private static func start(_ path: String) throws(FilmError) -> AtomicFile {
    do { return try AtomicFile(replacing: path) } catch { throw .file(error) }
  }

  func append(_ image: PixelImage, number: Int) throws(FilmError) {
    let bytes: [UInt8]
    switch plan.format {
    case .gif: bytes = gif?.frame(image, number: number) ?? []
    case .apng:
      let png = PNG.encode(image)
      bytes = APNG.bytes(UInt32(png.count)) + png
    case .mp4, .webm, .y4m, .frames: bytes = Y4M.frame(image)
    }
    do throws(FilmError) {
      try program?.write(bytes)
    } catch {
      throw error.ofFullDisk(path)
    }
    do { try file?.append(bytes) } catch { throw .file(error) }
  }

  func finish() throws(FilmError) {
    if var child = program.take() {
      do throws(FilmError) {
        try child.finish()
      } catch {
        unsafe _ = unlink(temporary)
        throw error.ofFullDisk(path)
      }
      do { try TemporaryFile.commit(temporary, to: path) } catch { throw .file(error) }
    }
    if let file = file.take() {
      do { try file.commit() } catch { throw .file(error) }
    }
  }
}

extension FilmError {
  /// What a program says of a full disk, as the system says it of a file.
  func ofFullDisk(_ path: String) -> FilmError {
    if case .program(_, let words) = self, words.contains("No space left on device") {
      return .file(FileError(path: path, operation: .write, code: ENOSPC))
    }
    return self
  }
}

/// A file that another program has written, put in its place.
enum TemporaryFile {
  static func commit(_ temporary: String, to path: String) throws(FileError) {
    let descriptor = unsafe open(temporary, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: temporary, operation: .open, code: errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else {
      throw FileError(path: path, operation: .flush, code: errno)
    }
    guard unsafe rename(temporary, path) == 0 else {
      throw FileError(path: path, operation: .rename, code: errno)
    }
  }
}
