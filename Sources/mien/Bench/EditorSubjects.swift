import Editor
import Imaging
import Latents
import StyleGAN
import TUI
import TerminalIO

/// What the editor does in a terminal, from outside.
struct EditorBench {
  let network: BenchNetwork
  let size: Size
  let link: EditorInTerminal.Link
  let folder: ScratchFolder
  /// What the editor is to open.
  let model: String

  init(_ network: BenchNetwork, size: Size, link: EditorInTerminal.Link) throws {
    self.network = network
    self.size = size
    self.link = link
    folder = try ScratchFolder()
    if let name = network.name {
      model = name
    } else {
      model = folder.path + "/untrained.safetensors"
      try BenchNetwork.write(untrained: network.configuration, to: model)
    }
  }

  func start() throws -> EditorInTerminal {
    try EditorInTerminal(model: model, size: size, folder: folder.path, link: link)
  }

  /// From the start of the process to the last byte of its first picture.
  func firstPictures(runs: Int) throws -> Timing {
    // The first brings the program and the model into the kernel's cache.
    let times = try (0..<runs + 1).map { _ in
      let editor = try start()
      guard editor.pump(seconds: 60, until: { !editor.pictures.isEmpty }) else {
        throw Failure.failed("the editor showed no picture within a minute")
      }
      return editor.pictures[0].time
    }
    return Timing(Array(times.dropFirst()))
  }

  /// A slider's track on the page, in cells: the first direction's, else that of ψ.
  private func track() throws -> Rect {
    let summary = ModelSummary(name: "bench", sha256: "", configuration: network.configuration)
    let state = State(
      model: summary, sliders: network.directions.map(SliderSpec.init),
      recipe: .newFace(seed: 42, for: network.configuration),
      screen: TerminalTraits(
        size: size, cell: .init(width: 8, height: 16), graphics: .sixel))
    let regions = state.regions
    let direction = regions.first {
      if case .track(.slider) = $0.target { true } else { false }
    }
    guard let track = direction ?? regions.first(where: { $0.target == .track(.psi) }) else {
      throw Failure.failed("no slider is to be seen in \(size.columns)x\(size.rows) characters")
    }
    return track.rect
  }

  /// How the picture follows a slider that is dragged to and fro.
  struct Drag {
    var pictures = 0
    var seconds = 0.0
    var bytesPerPicture = 0.0
    var longestGap = 0.0
    /// From the last movement to the last picture that changed anything, and to the picture at rest.
    var settling = 0.0
    /// From one movement after a pause to the first picture that shows it.
    var latency: Timing
    /// Whether the picture at the end is the one that belongs there, and none came after it.
    var endsRight = false
    /// How the editor's memory grew from the first second of dragging to the end.
    var growth = 0
    var residentBytes = 0

    var perSecond: Double { Double(pictures) / seconds }
  }

  func drag(seconds: Double) throws -> Drag {
    let track = try track()
    let editor = try start()
    guard editor.pump(seconds: 60, until: { !editor.pictures.isEmpty }) else {
      throw Failure.failed("the editor showed no picture within a minute")
    }
    editor.waitUntilQuiet()

    let (first, count) = (track.origin.column + 1, track.size.columns - 2)
    let row = track.origin.row
    func mouse(_ button: Int, _ place: Int, _ end: String = "M") {
      editor.send("\u{1b}[<\(button);\(first + place + 1);\(row + 1)\(end)")
    }
    let last = count * 2 / 3

    // One movement at a time.
    mouse(0, count / 2)
    var latencies: [Double] = []
    for probe in 0..<6 {
      editor.pump(seconds: 1)
      let (before, sent) = (editor.pictures.count, editor.now)
      mouse(32, count / 2 + 1 + probe % 2)
      editor.pump(seconds: 5) { editor.pictures.count > before }
      latencies.append(editor.lastPictureTime - sent)
    }
    mouse(0, count / 2, "m")
    editor.waitUntilQuiet()

    // As fast as a hand's mouse tells, 125 times a second.
    var drag = Drag(latency: Timing(latencies))
    mouse(0, 0)
    let begin = editor.now
    var (place, step) = (0, 1)
    var early = ProcessFigures(of: editor.terminal.process)
    var isEarly = true
    while editor.now < begin + 1 + seconds {
      if place + step < 0 || place + step >= count { step = -step }
      place += step
      mouse(32, place)
      editor.pump(seconds: 0.008)
      if isEarly, editor.now >= begin + 1 {
        isEarly = false
        early = ProcessFigures(of: editor.terminal.process)
      }
    }
    let end = editor.now
    // The first second is for finding the size that keeps up.
    let counted = editor.pictures.filter { $0.time >= begin + 1 && $0.time < end }
    mouse(32, last)
    mouse(0, last, "m")
    let released = editor.now
    let isQuiet = editor.waitUntilQuiet()
    drag.settling = editor.lastPictureTime - released
    let late = ProcessFigures(of: editor.terminal.process)
    drag.residentBytes = late.residentBytes
    drag.growth = late.residentBytes - early.residentBytes

    // What belongs there: the same place, come to from another one without haste.
    let shown = editor.lastPicture
    for place in [0, last] {
      mouse(0, place)
      editor.pump(seconds: 0.1)
      mouse(0, place, "m")
      editor.waitUntilQuiet()
      if place == 0 { drag.endsRight = isQuiet && editor.lastPicture != shown }
    }
    drag.endsRight = drag.endsRight && editor.lastPicture == shown
    drag.pictures = counted.count
    drag.seconds = end - begin - 1
    drag.bytesPerPicture =
      Double(counted.reduce(0) { $0 + $1.bytes }) / Double(max(1, counted.count))
    let times = [begin + 1] + counted.map(\.time) + [end]
    drag.longestGap = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? 0
    return drag
  }
}

extension BenchReport {
  mutating func measureStart(_ bench: EditorBench, runs: Int) throws {
    let timing = try bench.firstPictures(runs: runs)
    add("start", .timing(timing))
    say("first picture after the start: \(timing.words)")
  }

  mutating func measureDrag(_ bench: EditorBench, seconds: Double) throws {
    let drag = try bench.drag(seconds: seconds)
    add(
      "drag",
      .object([
        "picturesPerSecond": .figure(drag.perSecond), "pictures": .number(drag.pictures),
        "seconds": .figure(drag.seconds), "bytesPerPicture": .figure(drag.bytesPerPicture),
        "longestGap": .figure(drag.longestGap), "settling": .figure(drag.settling),
        "latency": .timing(drag.latency), "endsRight": .bool(drag.endsRight),
        "resident": .number(drag.residentBytes), "growth": .number(drag.growth),
      ]))
    say(
      "dragging: \(fixed(drag.perSecond, 1)) pictures a second "
        + "(\(drag.pictures) in \(fixed(drag.seconds, 1)) s, "
        + "\(fixed(drag.bytesPerPicture / 1e3, 1)) kB each, "
        + "longest gap \(milliseconds(drag.longestGap)))")
    say("from one movement to its picture: \(drag.latency.words)")
    say("at rest \(milliseconds(drag.settling)) after the last movement, "
      + (drag.endsRight ? "with the right picture" : "with a WRONG picture"))
    say("the editor holds \(megabytes(drag.residentBytes)), "
      + "\(fixed(Double(drag.growth) / 1e6, 2)) MB more than after a second of dragging")
    if !drag.endsRight {
      throw Failure.failed("after the dragging the editor shows a picture that is not the last one")
    }
  }

  /// What it costs to show a picture of the model, at its own size and at the largest shown.
  mutating func measureSixels(_ network: BenchNetwork, runs: Int) {
    guard
      let output = network.generator.synthesize(
        ws: network.ws, noise: .const, upTo: nil, isCancelled: { false })
    else { return }
    var image = PixelImage(networkOutput: output)
    while image.width > 512 { image = image.scaled(width: image.width / 2, height: image.height / 2) }
    let runs = max(runs, 10)
    var members = JSONMembers()
    members["convert"] = .timing(Timing(runs: runs) { _ = PixelImage(networkOutput: output) })
    for side in Set([min(image.width, 256), 512]).sorted() {
      let scaling = Timing(runs: runs) {
        _ = PictureScaler.scaled(image, width: side, height: side)
      }
      let shown = PictureScaler.scaled(image, width: side, height: side)
      let preparing = Timing(runs: runs) { _ = DraftPalette(for: shown) }
      var encoder = DraftSixelEncoder(palette: DraftPalette(for: shown))
      var (draftBytes, stillBytes) = (0, 0)
      let draft = Timing(runs: runs) { draftBytes = encoder.encode(shown).count }
      let still = Timing(runs: runs) {
        stillBytes = (try? SixelEncoder.encode(shown))?.count ?? 0
      }
      members[String(side)] = .object([
        "draft": .timing(draft), "draftBytes": .number(draftBytes), "still": .timing(still),
        "stillBytes": .number(stillBytes), "palette": .timing(preparing),
        "scale": .timing(scaling),
      ])
      say("\(side)²: draft \(draft.words), \(draftBytes / 1000) kB")
      say("      still (libsixel) \(still.words), \(stillBytes / 1000) kB")
      say("      scaling \(milliseconds(scaling.median)), palette \(milliseconds(preparing.median))")
    }
    add("sixel", .object(members))
  }
}
