import Foundation
import Imaging
import Testing

/// `mien video` as its user runs it. What needs ffmpeg or mpirun runs where they are.
struct VideoCommandTests {
  private let mien: MienProcess

  init() throws { mien = try MienProcess() }

  private static func has(_ program: String) -> Bool {
    FileManager.default.isExecutableFile(atPath: "/usr/bin/" + program)
  }
  static let hasFFmpeg = has("ffmpeg") && has("ffprobe")
  static let hasMPI = has("mpirun")

  /// What a program writes to its standard output.
  private func output(_ program: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = mien.folder.url
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return data
  }

  private func text(_ program: String, _ arguments: [String]) throws -> String {
    String(decoding: try output(program, arguments), as: UTF8.self)
  }

  private func frames(_ path: String) throws -> [[UInt8]] {
    try (0..<10_000).lazy.map { number in
      let digits = String(number)
      return path + "/frame" + String(repeating: "0", count: 5 - digits.count) + digits + ".png"
    }.prefix { FileManager.default.fileExists(atPath: mien.path($0)) }.map {
      try PNG.decode(Array(try Data(contentsOf: URL(filePath: mien.path($0))))).image.bytes
    }
  }

  private func distance(_ a: [UInt8], _ b: [UInt8]) -> Double {
    let sum = zip(a, b).reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
    return (Double(sum) / Double(a.count)).squareRoot()
  }

  private func content(_ name: String) throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: mien.path(name))
    return try Dictionary(
      uniqueKeysWithValues: names.filter { $0 != "timeline.json" }.map {
        ($0, try Data(contentsOf: URL(filePath: mien.path(name + "/" + $0))))
      })
  }

  // MARK: The film

  @Test(.enabled(if: hasFFmpeg, "ffmpeg is not installed"))
  func loopsAsMP4() throws {
    #expect(
      try mien("video", "1", "2", "3", "4", "--loop", "--frames", "120", "--fps", "30", "-o", "loop.mp4")
        .status == 0)
    #expect(try mien.files() == ["loop.mp4"])
    let fields =
      "codec_name,nb_read_frames,r_frame_rate,avg_frame_rate,pix_fmt,width,height,color_range,"
      + "color_space,color_transfer,color_primaries,chroma_location"
    let probe = try text(
      "/usr/bin/ffprobe",
      ["-v", "error", "-count_frames", "-show_entries", "stream=" + fields, "loop.mp4"])
    for line in [
      "codec_name=h264", "nb_read_frames=120", "r_frame_rate=30/1", "avg_frame_rate=30/1",
      "pix_fmt=yuv420p", "width=256", "height=256", "color_range=tv", "color_space=bt709",
      "color_transfer=bt709", "color_primaries=bt709", "chroma_location=left",
    ] {
      #expect(probe.contains(line + "\n"), "\(line) is not in\n\(probe)")
    }
    let tags = try text(
      "/usr/bin/ffprobe", ["-v", "error", "-show_entries", "format_tags=title,comment", "loop.mp4"])
    #expect(tags.contains("TAG:title=loop\n"))
    #expect(tags.contains("\"mien-timeline\": 1"))
    // The index stands before the pictures, for players that read from the net.
    let bytes = try Data(contentsOf: URL(filePath: mien.path("loop.mp4")))
    let index = try #require(bytes.range(of: Data("moov".utf8)))
    let pictures = try #require(bytes.range(of: Data("mdat".utf8)))
    #expect(index.lowerBound < pictures.lowerBound)

    try mien("video", "1", "2", "3", "4", "--loop", "--frames", "120", "-o", "frames/")
    let images = try frames("frames")
    #expect(images.count == 120)
    let steps = zip(images, images.dropFirst()).map(distance).sorted()
    #expect(distance(images[119], images[0]) <= steps[steps.count / 2])
    let decoded = try output(
      "/usr/bin/ffmpeg",
      [
        "-v", "error", "-i", "loop.mp4", "-sws_flags", "bicubic+accurate_rnd+full_chroma_int",
        "-f", "rawvideo", "-pix_fmt", "rgb24", "-",
      ])
    #expect(decoded.count == 120 * 256 * 256 * 3)
    for (number, image) in images.enumerated() {
      let start = number * image.count
      let error = distance(image, Array(decoded[start..<start + image.count]))
      let decibels = 20 * log10(255 / max(error, 1e-9))
      #expect(decibels >= 38, "frame \(number): \(decibels) dB")
    }
  }

  @Test(.enabled(if: hasFFmpeg, "ffmpeg is not installed"), arguments: ["webm", "gif", "png", "y4m"])
  func otherFormatsHaveTheirFrames(ending: String) throws {
    #expect(
      try mien("video", "1", "2", "--frames", "50", "--fps", "25", "-o", "a." + ending).status == 0)
    let probe = try text(
      "/usr/bin/ffprobe",
      ["-v", "error", "-count_frames", "-show_entries", "stream=nb_read_frames,r_frame_rate", "a." + ending])
    #expect(probe.contains("nb_read_frames=50\n"), "\(probe)")
    #expect(probe.contains("r_frame_rate=25/1\n"), "\(probe)")
  }

  @Test func constantSpeedIsConstant() throws {
    let result = try mien(
      "video", "1", "2", "3", "4", "--loop", "--frames", "60", "--constant-speed", "-o", "f/", "--json")
    #expect(result.status == 0)
    let root = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let steps = try #require(root["steps"] as? [String: Any])
    let (even, plain) = (
      try #require(steps["largest by median"] as? Double), try #require(steps["plain"] as? Double)
    )
    #expect(even <= 1.5)
    #expect(plain > even)
    // By the frames themselves.
    let images = try frames("f")
    let seen = (images.indices.map { distance(images[$0], images[($0 + 1) % images.count]) }).sorted()
    #expect(try #require(seen.last) <= 1.5 * seen[seen.count / 2])
  }

  @Test func aTimelineGivesTheSameFilm() throws {
    let arguments = [
      "1", "morning", "3+smile=2", "--frames", "12", "--psi-from", "0.5", "--psi-to", "1", "--sweep",
      "yaw:-1:1", "--noise", "loop", "--rows", "fine=still", "--hold", "0.2", "--title", "t",
    ]
    #expect(try mien.run(["video"] + arguments + ["-o", "a/"]).status == 0)
    #expect(try mien.run(["video"] + arguments + ["-o", "film.json"]).status == 0)
    #expect(try mien("video", "film.json", "-o", "b/").status == 0)
    #expect(try content("a") == content("b"))
    #expect(try mien("video", "a/timeline.json", "-o", "c/").status == 0)
    #expect(try content("a") == content("c"))
  }

  @Test func standardOutputIsY4M() throws {
    let result = try output(
      MienProcess.executable.path, ["video", "1", "--frames", "3", "-o", "-"])
    #expect(result.starts(with: Data("YUV4MPEG2 W256 H256 F30:1 Ip A1:1 C420mpeg2 ".utf8)))
    #expect(result.count > 3 * 256 * 256 * 3 / 2)
  }

  // MARK: Interruptions

  @Test(.timeLimit(.minutes(5))) func killedAndResumedIsTheSame() throws {
    let arguments = ["video", "1", "2", "3", "--loop", "--frames", "150", "--title", "t"]
    try mien.run(arguments + ["-o", "whole/"])
    for moment in [0.15, 0.3, 0.2, 0.45, 0.25] {
      let running = try mien.start(arguments + ["--resume", "-o", "torn/"])
      Thread.sleep(forTimeInterval: moment)
      kill(running.process.processIdentifier, SIGKILL)
      running.process.waitUntilExit()
    }
    #expect(try mien.run(arguments + ["--resume", "-o", "torn/"]).status == 0)
    #expect(try content("whole") == content("torn"))
  }

  @Test(.enabled(if: hasFFmpeg, "ffmpeg is not installed"), .timeLimit(.minutes(5)))
  func aKilledVideoIsTheSameInTheEnd() throws {
    let arguments = ["video", "1", "2", "3", "--loop", "--frames", "300", "--title", "t"]
    try mien.run(arguments + ["-o", "whole.mp4"])
    for moment in [0.3, 0.5, 0.4] {
      let running = try mien.start(arguments + ["--resume", "-o", "torn.mp4"])
      Thread.sleep(forTimeInterval: moment)
      kill(running.process.processIdentifier, SIGKILL)
      running.process.waitUntilExit()
    }
    #expect(try mien.run(arguments + ["--resume", "-o", "torn.mp4"]).status == 0)
    let (whole, torn) = (mien.path("whole.mp4"), mien.path("torn.mp4"))
    #expect(try Data(contentsOf: URL(filePath: whole)) == Data(contentsOf: URL(filePath: torn)))
    let files = try mien.files()
    #expect(files == ["torn.mp4", "whole.mp4"])
  }

  @Test func controlCKeepsWhatIsDone() throws {
    let arguments = ["video", "1", "2", "--frames", "100000", "-o", "a.y4m"]
    let running = try mien.start(arguments)
    while !FileManager.default.fileExists(atPath: mien.path("a.y4m.parts")) {
      Thread.sleep(forTimeInterval: 0.02)
    }
    Thread.sleep(forTimeInterval: 0.4)
    kill(running.process.processIdentifier, SIGINT)
    running.process.waitUntilExit()
    let result = try running.result()
    #expect(result.status == 130)
    #expect(
      result.errors.hasSuffix(
        " of 100000 frames are kept in a.y4m.parts; --resume goes on there\n"), "\(result.errors)")
  }

  @Test(.enabled(if: hasMPI, "mpirun is not installed"), .timeLimit(.minutes(5)))
  func mpirunMakesTheSameFilm() throws {
    let arguments = ["video", "1", "2", "3", "4", "--loop", "--frames", "120", "--title", "t"]
    // The ranks inherit the tests' environment: the same instructions for the one process.
    let limit = ProcessInfo.processInfo.environment.filter { $0.key == "ONEDNN_MAX_CPU_ISA" }
    try mien.run(arguments + ["-o", "one/"], environment: limit)
    try mien.run(arguments + ["-o", "one.y4m"], environment: limit)
    for name in ["three/", "three.y4m"] {
      _ = try output(
        "/usr/bin/mpirun",
        ["-n", "3", "--allow-run-as-root", "--oversubscribe", MienProcess.executable.path]
          + arguments + ["-o", name])
    }
    #expect(try content("one").count == 120)
    #expect(try content("one") == content("three"))
    let (one, three) = (mien.path("one.y4m"), mien.path("three.y4m"))
    #expect(try Data(contentsOf: URL(filePath: one)) == Data(contentsOf: URL(filePath: three)))
    #expect(!FileManager.default.fileExists(atPath: three + ".parts"))
  }

  @Test func sharesAreJoinedByOneCommand() throws {
    let arguments = ["video", "1", "2", "--frames", "150", "--title", "t"]
    try mien.run(arguments + ["-o", "one.gif"])
    let first = try mien.run(arguments + ["--shard", "1/2", "-o", "two.gif"])
    #expect(
      first.errors
        == "mien: share 1/2 is done; the last to be done joins them, or 'mien video join two.gif'\n")
    let early = try mien("video", "join", "two.gif")
    #expect(early.status == 1)
    #expect(early.errors.contains("parts are missing"))
    // On another machine, whose parts are then brought here.
    try mien.run(arguments + ["--shard", "2/2", "-o", "other.gif"])
    #expect(try mien("video", "join", "two.gif", "other.gif").status == 0)
    let (one, two) = (mien.path("one.gif"), mien.path("two.gif"))
    #expect(try Data(contentsOf: URL(filePath: one)) == Data(contentsOf: URL(filePath: two)))
    #expect(try mien.files() == ["one.gif", "two.gif"])
  }

  // MARK: Errors, before any frame

  @Test(
    arguments: [
      (["1", "2", "-o", "a.avi"], 2, ".avi is not written"),
      (["1", "2", "--frames", "0", "-o", "a/"], 2, "at least one frame"),
      (["1", "2", "--size", "255", "-o", "a.y4m"], 1, "254 or 256, not 255"),
      (["1", "2", "-o", "missing/folder/a.y4m"], 1, "cannot create"),
      (["1", "2", "-o", "/proc/a.y4m"], 1, "/proc/a.y4m"),
      (["nobody-knows-this", "-o", "a/"], 1, "there is no preset 'nobody-knows-this'"),
      (["missing.json", "-o", "a/"], 1, "missing.json: cannot open"),
      (["1", "--sweep", "nose:0:1", "-o", "a/"], 1, "no direction \"nose\""),
      (["1", "2", "--fps", "0", "-o", "a/"], 2, "write a rate as"),
      (["1", "2", "--fps", "60", "-o", "a.gif"], 1, "at most 50 frames"),
      (["1", "2", "--shard", "3/2", "-o", "a/"], 2, "write a share as K/N"),
      (["1", "--resume", "-o", "-"], 2, "standard output"),
      (["1", "2", "--ease", "in", "--constant-speed", "-o", "a/"], 2, "give one of them"),
      (["--frames", "3", "-o", "a/"], 2, "keyframes"),
    ] as [([String], Int32, String)])
  func clearErrors(arguments: [String], status: Int32, words: String) throws {
    let result = try mien.run(["video"] + arguments)
    #expect(result.status == status)
    #expect(result.errors.hasPrefix("mien: "), "\(result.errors)")
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count == 1)
    #expect(try mien.files() == [])
  }

  @Test func presetsOfOtherModelsAreRefused() throws {
    let preset = #"{"mien": 1, "name": "x", "model": {"name": "ffhq"}, "latent": {"seed": 1}}"#
    try Data(preset.utf8).write(to: URL(filePath: mien.path("x.json")))
    let result = try mien("video", "1", "x.json", "-o", "a/")
    #expect(result.status == 1)
    #expect(
      result.errors
        == "mien: x.json: the preset was made for \"ffhq\", the loaded model is \"studio\"\n")
    let timeline =
      #"{"mien-timeline": 1, "model": {"name": "studio"}, "keyframes": [{"preset": "gone.json"}]}"#
    try Data(timeline.utf8).write(to: URL(filePath: mien.path("t.json")))
    let missing = try mien("video", "t.json", "-o", "a/")
    #expect(
      missing.errors
        == "mien: t.json: keyframes[0].preset: gone.json: cannot open: No such file or directory\n")
    #expect(try mien.files() == ["t.json", "x.json"])
    #expect(try mien("video", "1", "x.json", "--force", "--frames", "2", "-o", "a/").status == 0)
  }

  @Test func withoutFFmpegTheOthersRemain() throws {
    let process = Process()
    process.executableURL = MienProcess.executable
    process.arguments = ["video", "1", "-o", "a.mp4"]
    process.currentDirectoryURL = mien.folder.url
    process.environment = ["PATH": "/nowhere", "HOME": mien.folder.url.path]
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let words = String(
      decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1)
    #expect(
      words == "mien: MP4 is written by the program ffmpeg, which was not found; install it, or "
        + "choose .gif, .png (APNG), .y4m or a folder of PNGs\n")
  }

  /// A disk of its own, where the system allows one.
  private func withSmallDisk(_ body: (String) throws -> Void) throws -> Bool {
    let disk = mien.path("disk")
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    let mount = Process()
    mount.executableURL = URL(filePath: "/bin/mount")
    mount.arguments = ["-t", "tmpfs", "-o", "size=1m", "none", disk]
    mount.standardError = FileHandle.nullDevice
    guard (try? mount.run()) != nil else { return false }
    mount.waitUntilExit()
    guard mount.terminationStatus == 0 else { return false }
    defer {
      let unmount = Process()
      unmount.executableURL = URL(filePath: "/bin/umount")
      unmount.arguments = [disk]
      try? unmount.run()
      unmount.waitUntilExit()
    }
    try body(disk)
    return true
  }

  @Test func aFullDiskIsAnErrorAndNotTheEnd() throws {
    let isTested = try withSmallDisk { disk in
      let arguments = ["video", "1", "2", "--frames", "60", "--title", "t"]
      try mien.run(arguments + ["-o", "whole/"])
      let full = try mien.run(arguments + ["-o", "disk/f/"])
      #expect(full.status == 1)
      #expect(full.errors.contains("No space left on device"), "\(full.errors)")
      #expect(full.errors.split(separator: "\n").count == 1)
      // Room is made, and what was written is of use.
      let kept = try FileManager.default.contentsOfDirectory(atPath: disk + "/f").count
      #expect(kept > 5)
      let grow = Process()
      grow.executableURL = URL(filePath: "/bin/mount")
      grow.arguments = ["-o", "remount,size=64m", disk]
      try grow.run()
      grow.waitUntilExit()
      let resumed = try mien.run(arguments + ["--resume", "--json", "-o", "disk/f/"])
      #expect(resumed.status == 0)
      #expect(!resumed.output.contains("\"kept\": 0"))
      #expect(try content("whole") == content("disk/f"))
    }
    if !isTested { print("no disk of its own could be mounted: a full disk is not tested") }
  }
}
