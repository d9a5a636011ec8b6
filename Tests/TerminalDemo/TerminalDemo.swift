import Imaging
import TUI
import TerminalIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A program for tests of the terminal: a picture that follows the arrow keys and the mouse, text
/// around it, a popup, and keys that end the process in all the wrong ways.
final class DemoProgram: TerminalProgram {
  private(set) var isFinished = false
  private var traits = TerminalTraits(size: Size(columns: 80, rows: 24))
  private var position = 0
  private var generation = 0
  private var showsPopup = false
  private var isDragging = false
  private var lastEvent = "none"
  private var framesViewed = 0
  private let resolution: Int

  init(resolution: Int) {
    self.resolution = resolution
  }

  var imageQuality: ImageQuality { isDragging ? .draft : .still }

  func terminalDidStart(_ traits: TerminalTraits) { self.traits = traits }

  func terminalWillEnd() {
    complain("saved")
  }

  func receive(_ events: [InputEvent]) {
    for event in events {
      lastEvent = "\(event)"
      switch event {
      case .key(.character("q"), []): isFinished = true
      case .key(.character("h"), []): showsPopup.toggle()
      case .key(.character("t"), []): fatalError("the demo was asked to trap")
      case .key(.character("o"), []): overflow(1)
      case .key(.character("a"), []): abort()
      case .key(.character("e"), []): complain("complaint")
      case .key(.right, _): move(by: 1)
      case .key(.left, _): move(by: -1)
      case .mouse(let mouse):
        switch mouse.kind {
        case .press: isDragging = true
        case .drag:
          position = mouse.position.column
          generation += 1
        case .release: isDragging = false
        case .wheelUp: move(by: 1)
        case .wheelDown: move(by: -1)
        }
      default: break
      }
    }
  }

  private func move(by distance: Int) {
    position += distance
    generation += 1
  }

  private func overflow(_ depth: Int) {
    var space: InlineArray<512, Int> = .init(repeating: depth)
    space[depth % 512] += 1
    if depth > 0 { overflow(space[0] + 1) }
    lastEvent = "\(space[3])"
  }

  private var pictureArea: Rect {
    traits.fit(
      width: 1, height: 1,
      in: Rect(
        column: 1, row: 2, columns: traits.size.columns * 6 / 10, rows: traits.size.rows - 4),
      limit: 512)
  }

  func view(_ size: Size) -> Frame {
    framesViewed += 1
    var frame = Frame(size: size)
    var title = CellStyle(foreground: .rgb(255, 240, 200), background: .rgb(40, 60, 90))
    title.isBold = true
    write(
      "demo \(traits.graphics.rawValue) \(traits.colors) \(traits.cell.width)x\(traits.cell.height)",
      to: &frame, column: 0, row: 0, style: title)
    let area = pictureArea
    let left = size.columns * 6 / 10 + 3
    write("position \(position)", to: &frame, column: left, row: 2)
    write(
      String(repeating: "━", count: max(0, position % 20)) + "●", to: &frame, column: left, row: 3,
      style: CellStyle(foreground: .rgb(120, 200, 255)))
    write("event \(lastEvent)", to: &frame, column: left, row: 4)
    write("漢字 wide é", to: &frame, column: left, row: 5)
    write("at \(area.origin) \(area.size)", to: &frame, column: left, row: 6)
    write(
      "q quit  h popup  t trap  o overflow  a abort", to: &frame, column: 0, row: size.rows - 1)
    if !area.isEmpty {
      frame.placements = [ImagePlacement(rect: area, image: 1, generation: generation)]
    }
    if showsPopup {
      let box = Rect(column: 10, row: 5, columns: 24, rows: 6)
      var style = CellStyle(foreground: .rgb(20, 20, 20), background: .rgb(230, 220, 180))
      for row in box.rows {
        write(String(repeating: " ", count: 24), to: &frame, column: 10, row: row, style: style)
      }
      style.isBold = true
      write("A popup over it", to: &frame, column: 12, row: 7, style: style)
      frame.covered = [box]
    }
    return frame
  }

  private func write(
    _ text: String, to frame: inout Frame, column: Int, row: Int, style: CellStyle = .plain
  ) {
    guard row >= 0, row < frame.size.rows else { return }
    var column = column
    for character in text {
      let width = character.unicodeScalars.first.map { $0.value >= 0x2e80 } == true ? 2 : 1
      guard column + width <= frame.size.columns else { return }
      frame[column, row] = Cell(String(character), style: style)
      if width == 2 { frame[column + 1, row] = Cell("", style: style) }
      column += width
    }
  }

  /// A face-like shaded ball over a gradient, turned by the position.
  func image(_ id: Int) -> PixelImage? {
    let n = resolution
    var bytes = [UInt8](repeating: 0, count: n * n * 3)
    let shift = Double(position) / 20
    for y in 0..<n {
      for x in 0..<n {
        let u = Double(x) / Double(n) * 2 - 1
        let v = Double(y) / Double(n) * 2 - 1
        var color = (90 + 60 * u, 110 + 50 * v, 140 - 40 * u)
        let r = u * u / 0.36 + v * v / 0.6
        if r < 1 {
          let z = (1 - r).squareRoot()
          let light = max(0.15, 0.6 * z + 0.5 * u * sin(shift) - 0.3 * v + 0.2 * cos(shift))
          color = (225 * light, 172 * light, 140 * light)
        }
        let at = (y * n + x) * 3
        bytes[at] = UInt8(max(0, min(255, color.0)))
        bytes[at + 1] = UInt8(max(0, min(255, color.1)))
        bytes[at + 2] = UInt8(max(0, min(255, color.2)))
      }
    }
    return PixelImage(width: n, height: n, bytes: bytes)
  }
}

private func complain(_ text: String) {
  let line = "demo: \(text)\n"
  _ = unsafe write(STDERR_FILENO, line, line.utf8.count)
}

/// What showing a picture costs, best of many.
private func measure() {
  let clock = ContinuousClock()
  func best(_ body: () -> Void) -> Double {
    (0..<15).map { _ in clock.measure(body) / .milliseconds(1) }.min() ?? 0
  }
  for size in [128, 256, 512] {
    guard let picture = DemoProgram(resolution: size).image(1) else { return }
    let palette = DraftPalette(for: picture)
    var encoder = DraftSixelEncoder(palette: palette)
    var bytes = 0
    let draft = best { bytes = encoder.encode(picture).count }
    var stillBytes = 0
    let still = best { stillBytes = (try? SixelEncoder.encode(picture).count) ?? 0 }
    let preparing = best { _ = DraftPalette(for: picture) }
    let scaling = best { _ = PictureScaler.scaled(picture, width: 512, height: 510) }
    let blocks = best {
      _ = HalfBlocks.cells(picture, size: Size(columns: 60, rows: 30), depth: .trueColor)
    }
    print(
      "\(size): draft \(draft) ms \(bytes) bytes, libsixel \(still) ms \(stillBytes) bytes, "
        + "palette \(preparing) ms, to 512x510 \(scaling) ms, 60x30 blocks \(blocks) ms")
  }
}

@main
enum TerminalDemo {
  static func main() {
    if CommandLine.arguments.dropFirst().first == "measure" { return measure() }
    var variables: [String: String] = [:]
    for name in [
      "TERM", "COLORTERM", "NO_COLOR", "TMUX", "LANG", "LC_ALL", "LC_CTYPE", "TERM_PROGRAM",
    ] {
      if let value = unsafe getenv(name) { variables[name] = unsafe String(cString: value) }
    }
    var graphics = GraphicsChoice.auto
    for argument in CommandLine.arguments.dropFirst() {
      graphics = GraphicsChoice(rawValue: argument) ?? graphics
    }
    do {
      let session = try TerminalSession(.init(graphics: graphics, variables: variables))
      let end = try session.run(DemoProgram(resolution: 256))
      exit(end.exitStatus)
    } catch {
      complain("\(error)")
      exit(2)
    }
  }
}
