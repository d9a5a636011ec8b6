import Files
import Foundation
import Imaging
import Latents
import StyleGAN
import Testing

@testable import Film

struct FilmMakerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func plan(
    _ format: FilmFormat, seeds: [UInt32] = [1, 2, 3], frames: Int = 100, hold: Double = 0,
    model: ToyModel = ToyModel()
  ) throws -> FilmPlan {
    var film = Timeline(
      name: "walk", model: ModelReference(name: "toy", sha256: "abc"),
      keyframes: seeds.map {
        Timeline.Keyframe(name: "\($0)", recipe: Recipe(latent: .seed($0)), hold: hold)
      })
    film.isLoop = true
    film.frameCount = frames
    let path = try TimelinePath(film, model: model, directions: DirectionLibrary())
    var plan = FilmPlan(
      path, times: path.schedule.times(frames: frames, isLoop: true), format: format, side: 32,
      model: film.model)
    if format == .gif {
      plan.palette = GIFPalette(of: plan, model: model, isCancelled: { false })
    }
    return plan
  }

  @discardableResult
  private func make(
    _ plan: FilmPlan, _ output: FilmMaker.Output, shard: Shard = .whole, resumes: Bool = false,
    stoppingAfter limit: Int = .max, ffmpeg: FFmpeg? = nil, workers: Int = 1
  ) throws -> FilmMaker.Report {
    let counter = Counter()
    var model = ToyModel()
    model.willDraw = { counter.add() }
    return try FilmMaker(
      plan, models: Array(repeating: model, count: workers), output: output, shard: shard, resumes: resumes, ffmpeg: ffmpeg,
      measuresSteps: true
    ).make(progress: { _, _, _ in }, isCancelled: { counter.count >= limit })
  }

  private func output(_ format: FilmFormat, _ name: String) -> FilmMaker.Output {
    format == .frames ? .folder(folder.file(name)) : .file(folder.file(name))
  }

  private func content(_ name: String) throws -> [String: [UInt8]] {
    var isFolder: ObjCBool = false
    FileManager.default.fileExists(atPath: folder.file(name), isDirectory: &isFolder)
    guard isFolder.boolValue else { return ["": try folder.bytes(name)] }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file(name))
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try folder.bytes(name + "/" + $0)) })
  }

  @Test(arguments: [FilmFormat.gif, .apng, .y4m, .frames])
  func interruptedAndResumedIsTheSame(format: FilmFormat) throws {
    let plan = try plan(format)
    if format == .frames { try StandardFolders.make(folder.file("whole")) }
    if format == .frames { try StandardFolders.make(folder.file("torn")) }
    try make(plan, output(format, "whole"))
    for limit in [7, 40, 49, 3] {
      let report = try make(
        plan, output(format, "torn"), resumes: true, stoppingAfter: limit)
      #expect(report.ending == .cancelled)
    }
    let last = try make(plan, output(format, "torn"), resumes: true)
    #expect(last.ending == .finished)
    // Nothing that was done is done again.
    #expect(last.kept == 99)
    #expect(last.rendered == 1)
    #expect(try content("whole") == content("torn"))
    #expect(folder.names == ["torn", "whole"])
  }

  @Test(arguments: [FilmFormat.gif, .apng, .y4m, .frames], [2, 3, 5])
  func sharesAreTheSameFilm(format: FilmFormat, count: Int) throws {
    let plan = try plan(format)
    if format == .frames { try StandardFolders.make(folder.file("whole")) }
    if format == .frames { try StandardFolders.make(folder.file("shared")) }
    try make(plan, output(format, "whole"))
    var endings: [FilmMaker.Ending] = []
    for number in (1...count).reversed() {
      endings.append(
        try make(plan, output(format, "shared"), shard: Shard(number, of: count)).ending)
    }
    // Whoever makes the last part joins them; a share of a short film can be empty.
    #expect(endings.count { $0 == .finished } == (format == .frames ? 0 : 1))
    #expect(endings.allSatisfy { $0 == .finished || $0 == .shareDone })
    #expect(try content("whole") == content("shared"))
  }

  /// What a killed run had begun to write goes; what only looks like it stays.
  @Test func tornFilesGoWhenAFilmIsResumed() throws {
    let plan = try plan(.y4m, frames: 10)
    for name in ["film.part-4uXqzT", "film.part-1", "other.part-4uXqzT"] {
      try Data("x".utf8).write(to: URL(filePath: folder.file(name)))
    }
    try make(plan, .file(folder.file("film")), resumes: true)
    #expect(folder.names == ["film", "film.part-1", "other.part-4uXqzT"])
  }

  /// So does what a program of a killed run has left among the parts, the joining one's as well.
  @Test func tornFilesOfProgramsGoWithTheParts() throws {
    let plan = try plan(.y4m, frames: 10)
    let parts = FilmJoin.folder(of: folder.file("film"))
    try StandardFolders.make(parts)
    for name in ["00000.part.tmp-12345", "joined.part.12345"] {
      try Data("x".utf8).write(to: URL(filePath: parts + "/" + name))
    }
    try make(plan, .file(folder.file("film")), resumes: true)
    #expect(folder.names == ["film"])
  }

  /// Frames made beside each other, whichever is ready first; stopped in between as well.
  @Test(arguments: [FilmFormat.gif, .y4m, .frames], [2, 3])
  func severalAtATimeAreTheSameFilm(format: FilmFormat, workers: Int) throws {
    let plan = try plan(format, seeds: [1, 2, 2, 3], hold: 0.3)
    for name in ["whole", "side"] where format == .frames {
      try StandardFolders.make(folder.file(name))
    }
    let alone = try make(plan, output(format, "whole"))
    for limit in [7, 40] {
      let report = try make(
        plan, output(format, "side"), resumes: true, stoppingAfter: limit, workers: workers)
      #expect(report.ending == .cancelled)
    }
    let last = try make(plan, output(format, "side"), resumes: true, workers: workers)
    #expect(last.ending == .finished && last.kept > 0)
    #expect(last.rendered <= alone.rendered)
    #expect(try content("whole") == content("side"))
  }

  @Test func partsOfSeveralFoldersAreJoined() throws {
    let plan = try plan(.y4m)
    try make(plan, .file(folder.file("whole")))
    try make(plan, .file(folder.file("a")), shard: Shard(1, of: 3))
    try make(plan, .file(folder.file("b")), shard: Shard(2, of: 3))
    let folders = ["a", "b"].map { FilmJoin.folder(of: folder.file($0)) }
    let record = try FilmRecord(in: folders[0])
    #expect(try FilmRecord(in: folders[1]) == record)
    let join = FilmJoin(record, in: folders)
    #expect(throws: FilmError.self) { try join.write(to: folder.file("film"), ffmpeg: nil) }
    try make(plan, .file(folder.file("a")), shard: Shard(3, of: 3))
    try join.write(to: folder.file("film"), ffmpeg: nil)
    join.discard()
    #expect(try content("whole") == content("film"))
    #expect(folder.names == ["film", "whole"])
  }

  @Test func standingStillIsNotRenderedAgain() throws {
    let plan = try plan(.y4m, seeds: [1, 2], frames: 60, hold: 2)
    let report = try make(plan, .file(folder.file("film")))
    // Half of the film are holds.
    #expect(report.rendered <= 34)
    let film = try folder.bytes("film")
    let header = try #require(film.firstIndex(of: UInt8(ascii: "\n")))
    #expect(film.count == header + 1 + 60 * (6 + 32 * 32 * 3 / 2))
  }

  @Test func onlyWhatChangedIsMadeAgain() throws {
    try StandardFolders.make(folder.file("f"))
    let before = try plan(.frames, seeds: [1, 2, 3, 4, 5, 6], frames: 60)
    try make(before, .folder(folder.file("f")))
    let after = try plan(.frames, seeds: [1, 2, 3, 4, 5, 7], frames: 60)
    let report = try make(after, .folder(folder.file("f")), resumes: true)
    // A spline bends near the keyframe that changed: four of six transitions.
    #expect(report.rendered > 30 && report.rendered <= 40)
    #expect(report.kept == 60 - report.rendered)
  }

  @Test func aLoopHasNoSeam() throws {
    let report = try make(try plan(.y4m), .file(folder.file("film")))
    let steps = try #require(report.steps)
    #expect(steps.count == 100)
    #expect(steps[99] <= steps.sorted()[50] * 1.5)
  }

  @Test func evenSpeedIsEven() throws {
    let plain = try plan(.y4m, seeds: [1, 2, 9])
    let found = EvenSpeed(
      plain.path, model: ToyModel(), frames: 100, progress: { _, _ in }, isCancelled: { false })
    let speed = try #require(found)
    var even = plain
    even = FilmPlan(
      plain.path, times: speed.times, format: .y4m, side: 32, model: plain.model)
    let report = try make(even, .file(folder.file("film")))
    #expect(SpeedCurve.unevenness(try #require(report.steps)) < 1.5)
    #expect(speed.plain > SpeedCurve.unevenness(try #require(report.steps)))
    #expect(speed.times.count == 100)
  }

  @Test func tornSpoolsAreCutBack() throws {
    let plan = try plan(.y4m)
    try make(plan, .file(folder.file("whole")))
    _ = try make(plan, .file(folder.file("film")), stoppingAfter: 20)
    let parts = FilmJoin.folder(of: folder.file("film"))
    let spool = try #require(
      try FileManager.default.contentsOfDirectory(atPath: parts).first { $0.hasSuffix(".spool") })
    var bytes = try folder.bytes("film.parts/" + spool)
    bytes.removeLast(100)
    bytes[5 * (32 * 32 * 3 + 4) + 17] ^= 1
    try Data(bytes).write(to: URL(filePath: parts + "/" + spool))
    let report = try make(plan, .file(folder.file("film")), resumes: true)
    #expect(report.kept == 5)
    #expect(try content("whole") == content("film"))
  }

  @Test func theFolderMustNotHoldALongerFilm() throws {
    try StandardFolders.make(folder.file("f"))
    try Data().write(to: URL(filePath: folder.file("f/frame00100.png")))
    #expect(
      throws: FilmError.otherFrames(folder: folder.file("f"), first: "frame00100.png")
    ) {
      try FilmMaker.prepare(
        .folder(folder.file("f")), format: .frames, frames: 100, ffmpeg: nil)
    }
    try FilmMaker.prepare(.folder(folder.file("f")), format: .frames, frames: 101, ffmpeg: nil)
  }

  @Test func framesCarryTheirFaces() throws {
    try StandardFolders.make(folder.file("f"))
    let plan = try plan(.frames, frames: 4)
    try make(plan, .folder(folder.file("f")))
    let picture = try PNG.decode(try folder.bytes("f/frame00002.png"))
    let preset = try Preset(
      json: Array(try #require(picture.text(for: "mien")).utf8), file: "frame")
    #expect(preset.recipe.latent == .ws(plan.frame(2).ws, rows: 8))
    #expect(picture.text(for: "mien-frame") == plan.fingerprint(of: 2))
  }

  @Test func apngHasAllFrames() throws {
    try make(try plan(.apng, frames: 10), .file(folder.file("a.png")))
    let bytes = try folder.bytes("a.png")
    let chunks = try #require(APNG.chunks(of: bytes))
    let types = chunks.map { String(decoding: $0.type, as: UTF8.self) }
    #expect(types.first == "IHDR" && types.last == "IEND")
    #expect(types[1] == "acTL")
    #expect(Array(chunks[1].data) == [0, 0, 0, 10, 0, 0, 0, 0])
    #expect(types.count { $0 == "fcTL" } == 10)
    // Sequence numbers run through control and data chunks alike.
    let numbers = chunks.filter { $0.type[0] == UInt8(ascii: "f") }
      .map { $0.data.prefix(4).reduce(0) { $0 << 8 | Int($1) } }
    #expect(numbers == Array(0..<numbers.count))
    // A reader that knows no animation sees the first frame.
    let first = try PNG.decode(bytes)
    #expect(first.image.width == 32)
    #expect(first.text(for: "Title") == "walk")
    #expect(first.text(for: "mien-timeline")?.contains("\"mien-timeline\": 1") == true)
  }

  @Test func recordsOfNothingAreRefused() throws {
    let path = folder.file("x.parts")
    try StandardFolders.make(path)
    #expect(throws: FilmError.self) { try FilmRecord(in: path) }
    for text in [
      "", "{}", #"{"format": "mp4", "side": 0}"#,
      #"{"format": "y4m", "side": 4, "fps": "30", "frames": 1, "title": "", "recipe": "", "palette": "", "parts": [["../../etc/passwd.part", 1]]}"#,
    ] {
      try Data(text.utf8).write(to: URL(filePath: path + "/film.json"))
      #expect(throws: FilmError.self) { try FilmRecord(in: path) }
    }
  }
}
