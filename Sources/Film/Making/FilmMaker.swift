import Files
import FoundationEssentials
import Glibc
import Imaging
import Latents
package import StyleGAN

/// Makes a film, or one process's share of it, and keeps what is done when it is stopped.
package struct FilmMaker {
  package enum Output: Hashable, Sendable {
    /// A film in a file; while it is made, its parts are in a folder beside it.
    case file(String)
    /// A folder of numbered pictures.
    case folder(String)
    /// An open descriptor, which gets Y4M; `name` is for errors.
    case stream(Int32)
  }

  package enum Ending: Hashable, Sendable {
    case finished
    /// This share is done; others are missing, or another process joins them.
    case shareDone
    case cancelled
  }

  package struct Report: Hashable, Sendable {
    package var ending = Ending.finished
    /// Frames of this share.
    package var frames = 0
    /// Of them: made before and kept, and rendered now (the others were the same as these).
    package var kept = 0
    package var rendered = 0
    /// How different neighbouring frames are, where all were seen and it was asked for.
    package var steps: [Double]?
  }

  private let plan: FilmPlan
  private let models: [any LatentModel]
  private let output: Output
  private let shard: Shard
  private let resumes: Bool
  private let ffmpeg: FFmpeg?
  private let line: EncodingLine

  /// - Parameters:
  ///   - models: the model, and twins of it that do not wait for each other: as many frames are
  ///     rendered at a time.
  ///   - resumes: whether what an earlier run has made of the same film is used.
  ///   - ffmpeg: where the format needs it.
  package init(
    _ plan: FilmPlan, models: [any LatentModel], output: Output, shard: Shard = .whole,
    resumes: Bool = false, ffmpeg: FFmpeg? = nil, measuresSteps: Bool = false
  ) {
    self.plan = plan
    self.models = models
    self.output = output
    self.shard = shard
    self.resumes = resumes
    self.ffmpeg = ffmpeg
    line = EncodingLine(plan, ffmpeg: ffmpeg, measuresSteps: measuresSteps)
  }

  /// Makes sure that the film can be written where it is to be, before work goes into it.
  package static func prepare(
    _ output: Output, format: FilmFormat, frames: Int, ffmpeg: FFmpeg?
  ) throws(FilmError) {
    do throws(FileError) {
      switch output {
      case .file(let path):
        _ = try AtomicFile(replacing: path)
      case .folder(let path):
        try StandardFolders.make(path)
        _ = try AtomicFile(replacing: path + "/.mien")
      case .stream: break
      }
    } catch {
      throw .file(error)
    }
    if case .folder(let path) = output { try requireNoLongerFilm(path, frames: frames) }
    guard format.needsProgram else { return }
    guard let ffmpeg else { throw .noProgram(format) }
    try ffmpeg.requireEncoder(for: format)
  }

  /// Whoever reads numbered files reads on while there are any.
  private static func requireNoLongerFilm(_ folder: String, frames: Int) throws(FilmError) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let later = names.filter { name in
      guard name.hasPrefix("frame"), name.hasSuffix(".png"),
        let number = Int(name.dropFirst(5).dropLast(4))
      else { return false }
      return number >= frames
    }
    guard let first = later.min() else { return }
    throw .otherFrames(folder: folder, first: first)
  }

  /// - Parameters:
  ///   - progress: frames done, those of them kept from an earlier run, and frames of this share;
  ///     on the calling thread.
  ///   - isCancelled: asked between frames and between their layers.
  package func make(
    progress: (Int, Int, Int) -> Void, isCancelled: @escaping @Sendable () -> Bool
  ) throws(FilmError) -> Report {
    func queue(_ numbers: [Int]) -> FrameQueue {
      FrameQueue(plan, numbers: numbers, models: models, isCancelled: isCancelled)
    }
    do throws(FilmError) {
      var report: Report
      switch output {
      case .file(let path): report = try makeFile(path, queue, progress)
      case .folder(let path): report = try makeFolder(path, queue, progress)
      case .stream(let descriptor): report = try makeStream(descriptor, queue, progress)
      }
      report.steps = line.steps
      return report
    } catch {
      line.abandon()
      throw error
    }
  }

  // MARK: A file, by parts

  private func makeFile(
    _ path: String, _ queue: ([Int]) -> FrameQueue, _ progress: (Int, Int, Int) -> Void
  ) throws(FilmError) -> Report {
    let all = plan.parts
    let share = shard.range(of: all.count)
    guard !share.isEmpty else {
      // More processes than parts: those without one leave nothing behind.
      return Report(ending: .shareDone)
    }
    let folder = FilmJoin.folder(of: path)
    if resumes, shard.isWhole { removeTornFiles(of: path) }
    let record = FilmRecord(plan)
    do { try StandardFolders.make(folder) } catch { throw .file(error) }
    try record.save(in: folder)
    let join = FilmJoin(record, in: [folder])

    var report = Report()
    report.frames = all[share].reduce(0) { $0 + $1.count }
    progress(0, 0, report.frames)
    let parts = share.map { index in
      Part(
        folder + "/" + record.parts[index].name, of: all[index], side: plan.side,
        resumes: resumes)
    }
    let frames = queue(parts.flatMap { $0.range.dropFirst($0.kept) })
    var done = 0
    for part in parts {
      done += part.kept
      report.kept += part.kept
      if part.kept > 0 { progress(done, report.kept, report.frames) }
      if part.isFinished {
        for _ in part.range { line.skip() }
        continue
      }
      unsafe _ = unlink(part.path)
      try line.begin(part.path, spool: part.spool, kept: part.kept, from: part.range.lowerBound)
      for number in part.range.dropFirst(part.kept) {
        guard let image = frames.next() else {
          try line.drain()
          line.abandon()
          report.ending = .cancelled
          report.rendered = frames.rendered
          return report
        }
        try line.append(image, number: number)
        done += 1
        progress(done, report.kept, report.frames)
      }
      try line.end()
    }
    report.rendered = frames.rendered
    try line.drain()
    if !shard.isWhole {
      guard join.hasAllParts, join.takeTurn() else {
        report.ending = .shareDone
        return report
      }
    }
    try join.write(to: path, ffmpeg: ffmpeg)
    join.discard()
    return report
  }

  /// What a run that was killed had begun to write beside the film: `a.mp4.part-4uXqzT`.
  private func removeTornFiles(of path: String) {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? ""
    let prefix = (slash.map { String(path[path.index(after: $0)...]) } ?? path) + ".part-"
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    for name in names where name.hasPrefix(prefix) && name.count == prefix.count + 6 {
      unsafe _ = unlink(folder + name)
    }
  }

  /// A part of a film, and what an earlier run has made of it.
  private struct Part {
    let path: String
    let range: Range<Int>
    /// Frames that are there: all of a finished part, else those in its spool.
    let kept: Int
    let isFinished: Bool
    var spool: String { path + ".spool" }

    init(_ path: String, of range: Range<Int>, side: Int, resumes: Bool) {
      self.path = path
      self.range = range
      isFinished = resumes && FilmJoin.exists(path)
      kept =
        isFinished
        ? range.count
        : resumes ? FrameSpool.count(path + ".spool", side: side, limit: range.count) : 0
    }
  }

  // MARK: A folder

  /// Keyword of the text chunk that names what a frame was made from.
  static let fingerprintKeyword = "mien-frame"

  private func makeFolder(
    _ folder: String, _ queue: ([Int]) -> FrameQueue, _ progress: (Int, Int, Int) -> Void
  ) throws(FilmError) -> Report {
    let share = shard.range(of: plan.frames)
    var report = Report()
    report.frames = share.count
    progress(0, 0, share.count)
    removeTornFiles(in: folder, share)
    do {
      try AtomicFile.write(Array(plan.timeline.json.utf8), to: folder + "/timeline.json")
    } catch {
      throw .file(error)
    }
    let fingerprints = share.map { plan.fingerprint(of: $0) }
    let paths = share.map { folder + "/" + FilmPlan.frameName($0) }
    let isKept = zip(paths, fingerprints).map {
      resumes && FilmMaker.fingerprint(ofFile: $0) == $1
    }
    let frames = queue(zip(share, isKept).filter { !$0.1 }.map { $0.0 })
    for (place, number) in share.enumerated() {
      if isKept[place] {
        report.kept += 1
        line.skip()
      } else {
        guard let image = frames.next() else {
          try line.drain()
          report.ending = .cancelled
          report.rendered = frames.rendered
          return report
        }
        try line.write(
          image, to: paths[place],
          text: [
            ("mien", preset(number).json), (FilmMaker.fingerprintKeyword, fingerprints[place]),
          ],
          isGray: models[0].configuration.imageChannels == 1)
      }
      progress(place + 1, report.kept, share.count)
    }
    report.rendered = frames.rendered
    try line.drain()
    report.ending = shard.isWhole ? .finished : .shareDone
    return report
  }

  /// What a run that was killed had begun to write: `frame00042.png.part-4uXqzT`. Of this share
  /// only, as others may be at work on theirs.
  private func removeTornFiles(in folder: String, _ share: Range<Int>) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names {
      guard let end = name.firstRange(of: ".png.part-"), name.hasPrefix("frame"),
        let number = Int(name[..<end.lowerBound].dropFirst(5)), share.contains(number)
      else { continue }
      unsafe _ = unlink(folder + "/" + name)
    }
  }

  /// The face of a frame, for whoever opens its picture.
  private func preset(_ number: Int) -> Preset {
    let frame = plan.frame(number)
    var recipe = Recipe(latent: .ws(frame.ws, rows: models[0].configuration.numWs))
    switch frame.noise {
    case .const, .turning: break
    case .none: recipe.noise.mode = .none
    case .random(let seed): recipe.noise = NoiseSetting(mode: .random, seed: seed)
    }
    return Preset(name: "frame \(number)", model: plan.model, recipe: recipe)
  }

  /// What a picture says it was made from; nil where there is no whole picture that says so.
  static func fingerprint(ofFile path: String) -> String? {
    guard let mapped = try? MappedFile(path: path) else { return nil }
    let bytes = unsafe mapped.withBytes { unsafe Array($0) }
    guard let chunks = APNG.chunks(of: bytes), chunks.last?.type == Array("IEND".utf8) else {
      return nil
    }
    let keyword = Array(fingerprintKeyword.utf8) + [0]
    for chunk in chunks where chunk.type == Array("tEXt".utf8) && chunk.data.starts(with: keyword) {
      return String(decoding: chunk.data.dropFirst(keyword.count), as: UTF8.self)
    }
    return nil
  }

  // MARK: A stream

  private func makeStream(
    _ descriptor: Int32, _ queue: ([Int]) -> FrameQueue, _ progress: (Int, Int, Int) -> Void
  ) throws(FilmError) -> Report {
    var report = Report()
    report.frames = plan.frames
    progress(0, 0, plan.frames)
    let frames = queue(Array(0..<plan.frames))
    for number in 0..<plan.frames {
      guard let image = frames.next() else {
        try line.drain()
        report.ending = .cancelled
        report.rendered = frames.rendered
        return report
      }
      try line.stream(image, isFirst: number == 0, to: descriptor)
      progress(number + 1, 0, plan.frames)
    }
    report.rendered = frames.rendered
    try line.drain()
    return report
  }
}
