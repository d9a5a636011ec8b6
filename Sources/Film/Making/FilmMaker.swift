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
  private let model: any LatentModel
  private let output: Output
  private let shard: Shard
  private let resumes: Bool
  private let ffmpeg: FFmpeg?
  private let line: EncodingLine

  /// - Parameters:
  ///   - resumes: whether what an earlier run has made of the same film is used.
  ///   - ffmpeg: where the format needs it.
  package init(
    _ plan: FilmPlan, model: any LatentModel, output: Output, shard: Shard = .whole,
    resumes: Bool = false, ffmpeg: FFmpeg? = nil, measuresSteps: Bool = false
  ) {
    self.plan = plan
    self.model = model
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
    progress: (Int, Int, Int) -> Void, isCancelled: @escaping () -> Bool
  ) throws(FilmError) -> Report {
    do throws(FilmError) {
      var source = FrameSource(model, isCancelled: isCancelled)
      var report: Report
      switch output {
      case .file(let path): report = try makeFile(path, &source, progress)
      case .folder(let path): report = try makeFolder(path, &source, progress)
      case .stream(let descriptor): report = try makeStream(descriptor, &source, progress)
      }
      report.rendered = source.rendered
      report.steps = line.steps
      return report
    } catch {
      line.abandon()
      throw error
    }
  }

  // MARK: A file, by parts

  private func makeFile(
    _ path: String, _ source: inout FrameSource, _ progress: (Int, Int, Int) -> Void
  ) throws(FilmError) -> Report {
    let folder = FilmJoin.folder(of: path)
    let record = FilmRecord(plan)
    do { try StandardFolders.make(folder) } catch { throw .file(error) }
    try record.save(in: folder)
    let join = FilmJoin(record, in: [folder])

    let all = plan.parts
    let share = shard.range(of: all.count)
    var report = Report()
    report.frames = all[share].reduce(0) { $0 + $1.count }
    progress(0, 0, report.frames)
    var done = 0
    for index in share {
      let range = all[index]
      let part = folder + "/" + record.parts[index].name
      let spool = part + ".spool"
      if resumes, FilmJoin.exists(part) {
        done += range.count
        report.kept += range.count
        for _ in range { line.skip() }
        progress(done, report.kept, report.frames)
        continue
      }
      unsafe _ = unlink(part)
      let kept = resumes ? FrameSpool.count(spool, side: plan.side, limit: range.count) : 0
      try line.begin(part, spool: spool, kept: kept, from: range.lowerBound)
      done += kept
      report.kept += kept
      for number in range.dropFirst(kept) {
        guard let image = source.image(plan.frame(number), side: plan.side) else {
          try line.drain()
          line.abandon()
          report.ending = .cancelled
          return report
        }
        try line.append(image, number: number)
        done += 1
        progress(done, report.kept, report.frames)
      }
      try line.end()
    }
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

  // MARK: A folder

  /// Keyword of the text chunk that names what a frame was made from.
  static let fingerprintKeyword = "mien-frame"

  private func makeFolder(
    _ folder: String, _ source: inout FrameSource, _ progress: (Int, Int, Int) -> Void
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
    for number in share {
      let path = folder + "/" + FilmPlan.frameName(number)
      let fingerprint = plan.fingerprint(of: number)
      if resumes, FilmMaker.fingerprint(ofFile: path) == fingerprint {
        report.kept += 1
        line.skip()
      } else {
        guard let image = source.image(plan.frame(number), side: plan.side) else {
          try line.drain()
          report.ending = .cancelled
          return report
        }
        try line.write(
          image, to: path,
          text: [("mien", preset(number).json), (FilmMaker.fingerprintKeyword, fingerprint)],
          isGray: model.configuration.imageChannels == 1)
      }
      progress(number - share.lowerBound + 1, report.kept, share.count)
    }
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
    var recipe = Recipe(latent: .ws(frame.ws, rows: model.configuration.numWs))
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
    _ descriptor: Int32, _ source: inout FrameSource, _ progress: (Int, Int, Int) -> Void
  ) throws(FilmError) -> Report {
    var report = Report()
    report.frames = plan.frames
    progress(0, 0, plan.frames)
    for number in 0..<plan.frames {
      guard let image = source.image(plan.frame(number), side: plan.side) else {
        try line.drain()
        report.ending = .cancelled
        return report
      }
      try line.stream(image, isFirst: number == 0, to: descriptor)
      progress(number + 1, 0, plan.frames)
    }
    try line.drain()
    return report
  }
}
