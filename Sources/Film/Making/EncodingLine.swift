import Dispatch
import Files
import Glibc
import Imaging
import Latents
import Synchronization

/// Encodes and writes frames on a thread of its own while the next are rendered, in order, a few
/// behind at most.
final class EncodingLine: @unchecked Sendable {
  // Invariant behind `@unchecked`: `writer`, `spool`, `last` and `stepsMade` are touched only by
  // work on `queue`, one piece at a time, or, when that is drained, by the caller.
  private let queue = DispatchQueue(label: "mien.film")
  private let room = DispatchSemaphore(value: 4)
  private let problem = Mutex<FilmError?>(nil)
  private let plan: FilmPlan
  private let ffmpeg: FFmpeg?
  private let measuresSteps: Bool
  private var writer: PartWriter?
  private var spool: FrameSpool?
  private var first: PictureDistance.View?
  private var last: PictureDistance.View?
  private var stepsMade: [Double] = []

  init(_ plan: FilmPlan, ffmpeg: FFmpeg?, measuresSteps: Bool) {
    self.plan = plan
    self.ffmpeg = ffmpeg
    self.measuresSteps = measuresSteps
  }

  /// Queues work; waits where too much is waiting.
  /// - Throws: what work before this one has thrown.
  private func submit(_ work: @escaping (EncodingLine) throws(FilmError) -> Void) throws(FilmError) {
    try throwProblem()
    room.wait()
    nonisolated(unsafe) let work = work
    queue.async { [self] in
      defer { room.signal() }
      guard problem.withLock({ $0 == nil }) else { return }
      do throws(FilmError) {
        try unsafe work(self)
      } catch {
        problem.withLock { $0 = error }
      }
    }
  }

  private func throwProblem() throws(FilmError) {
    if let problem = problem.withLock({ $0 }) { throw problem }
  }

  /// Waits until everything is written.
  func drain() throws(FilmError) {
    queue.sync {}
    try throwProblem()
  }

  /// Drops the part in work; what is in its spool stays.
  func abandon() {
    queue.sync {
      writer = nil
      spool = nil
    }
  }

  // MARK: Parts

  /// - Parameter kept: frames that are in the spool.
  func begin(_ path: String, spool spoolPath: String, kept: Int, from number: Int) throws(FilmError) {
    try submit { line throws(FilmError) in
      let writer = try PartWriter(line.plan, path: path, ffmpeg: line.ffmpeg)
      let spool = try FrameSpool(spoolPath, side: line.plan.side, keeping: kept)
      var next = number
      try spool.replay(kept) { image throws(FilmError) in
        try writer.append(image, number: next)
        line.measure(image)
        next += 1
      }
      line.writer = writer
      line.spool = spool
    }
  }

  func append(_ image: PixelImage, number: Int) throws(FilmError) {
    try submit { line throws(FilmError) in
      // First what an interruption must not undo.
      try line.spool?.append(image)
      try line.writer?.append(image, number: number)
      line.measure(image)
    }
  }

  func end() throws(FilmError) {
    try submit { line throws(FilmError) in
      try line.writer?.finish()
      line.writer = nil
      line.spool?.discard()
      line.spool = nil
    }
  }

  // MARK: Single pictures, and streams

  func write(
    _ image: PixelImage, to path: String, text: [(keyword: String, value: String)], isGray: Bool
  ) throws(FilmError) {
    try submit { line throws(FilmError) in
      let png = PNG.encode(image, text: text, samples: isGray ? .gray : .rgb)
      do throws(FileError) { try AtomicFile.write(png, to: path) } catch { throw .file(error) }
      line.measure(image)
    }
  }

  func stream(_ image: PixelImage, isFirst: Bool, to descriptor: Int32) throws(FilmError) {
    try submit { line throws(FilmError) in
      let rate = line.plan.timeline.frameRate
      let header =
        isFirst
        ? Y4M.header(side: line.plan.side, rate: (rate.numerator, rate.denominator)) : []
      let bytes = header + Y4M.frame(image)
      var done = 0
      while done < bytes.count {
        let written = unsafe bytes.withUnsafeBytes {
          unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
        }
        if written < 0 {
          if errno == EINTR { continue }
          throw .file(FileError(path: "the standard output", operation: .write, code: errno))
        }
        done += written
      }
      line.measure(image)
    }
  }

  // MARK: Steps

  private func measure(_ image: PixelImage) {
    guard measuresSteps else { return }
    let view = PictureDistance.View(image)
    if let last { stepsMade.append(PictureDistance.between(last, view)) } else { first = view }
    last = view
  }

  /// A frame was not looked at: the steps would have a gap.
  func skip() { queue.sync { stepsMade.append(.nan) } }

  /// The distances from frame to frame, that from the last to the first in a loop; nil where they
  /// were not all seen.
  var steps: [Double]? {
    queue.sync {
      var steps = stepsMade
      if plan.timeline.isLoop, let first, let last {
        steps.append(PictureDistance.between(last, first))
      }
      let count = plan.frames - (plan.timeline.isLoop ? 0 : 1)
      return measuresSteps && steps.count == count && steps.allSatisfy(\.isFinite) ? steps : nil
    }
  }
}
