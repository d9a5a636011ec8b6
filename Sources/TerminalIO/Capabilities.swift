package import TUI

/// What a person asked for with `--graphics`.
package enum GraphicsChoice: String, Hashable, Sendable, CaseIterable {
  case auto, sixel, kitty, iterm, blocks, ascii
}

/// What a terminal can do, and how that was found out. A pure function of the environment and of
/// the terminal's replies, so that every known terminal is a test.
package struct Capabilities: Hashable, Sendable {
  package var graphics: GraphicsKind
  package var colors: ColorDepth
  package var cell: TerminalTraits.PixelSize
  /// Changes between `CSI ? 2026 h` and `l` appear at once.
  package var synchronizesUpdates: Bool
  /// Text erases the picture under it. Where not, pictures have to be cut around popups.
  package var textErasesPictures: Bool
  package var hasLightBackground: Bool
  package var reasons: [String]

  package init(
    environment: TerminalEnvironment, replies: [TerminalReply],
    choice: GraphicsChoice = .auto
  ) {
    let answers = Answers(replies)
    var reasons: [String] = []

    synchronizesUpdates = answers.synchronizedUpdate == 1 || answers.synchronizedUpdate == 2
    textErasesPictures = !(answers.version?.hasPrefix("Konsole") ?? false)
    hasLightBackground =
      answers.background.map { 2 * Int($0.0) + 5 * Int($0.1) + Int($0.2) > 8 * 128 } ?? false

    (colors, cell) = (.none, .init(width: 10, height: 20))
    graphics = .ascii
    cell = Self.cellSize(environment, answers, &reasons)
    colors = Self.colorDepth(environment, &reasons)
    graphics = Self.graphicsKind(environment, answers, colors, choice, &reasons)
    self.reasons = reasons
  }

  package func traits(size: Size) -> TerminalTraits {
    TerminalTraits(size: size, cell: cell, graphics: graphics, colors: colors, reasons: reasons)
  }

  /// The last reply of each sort.
  struct Answers {
    var attributes: [Int]?
    var cellSize: TerminalTraits.PixelSize?
    var synchronizedUpdate: Int?
    var version: String?
    var background: (UInt8, UInt8, UInt8)?

    init(_ replies: [TerminalReply]) {
      for reply in replies {
        switch reply {
        case .attributes(let list): attributes = list
        case .cellSize(let width, let height): cellSize = .init(width: width, height: height)
        case .mode(2026, let state): synchronizedUpdate = state
        case .version(let text): version = text
        case .background(let red, let green, let blue): background = (red, green, blue)
        case .mode, .ready: break
        }
      }
    }
  }

  private static func cellSize(
    _ environment: TerminalEnvironment, _ answers: Answers, _ reasons: inout [String]
  ) -> TerminalTraits.PixelSize {
    let plausible = 3...200
    if let cell = answers.cellSize, plausible ~= cell.width, plausible ~= cell.height {
      reasons.append("cells are \(cell.width)x\(cell.height) pixels: the terminal says so")
      return cell
    }
    let size = environment.size
    if size.columns > 0, size.rows > 0 {
      let cell = TerminalTraits.PixelSize(
        width: environment.pixels.width / size.columns,
        height: environment.pixels.height / size.rows)
      if plausible ~= cell.width, plausible ~= cell.height {
        reasons.append(
          "cells are \(cell.width)x\(cell.height) pixels: the window has "
            + "\(environment.pixels.width)x\(environment.pixels.height) for "
            + "\(size.columns)x\(size.rows) cells")
        return cell
      }
    }
    reasons.append("cells are taken to be 10x20 pixels: neither terminal nor kernel tells")
    return .init(width: 10, height: 20)
  }

  private static func colorDepth(
    _ environment: TerminalEnvironment, _ reasons: inout [String]
  ) -> ColorDepth {
    if environment.declinesColor {
      reasons.append("no colours: NO_COLOR is set")
      return .none
    }
    if environment.promisesTrueColor {
      reasons.append("24-bit colours: COLORTERM or TERM promises them")
      return .trueColor
    }
    let count = environment.terminfoColors ?? 0
    let because = "terminfo says that \(environment.term) has \(max(0, count))"
    switch count {
    case 256...:
      reasons.append("256 colours: \(because)")
      return .palette256
    case 8...:
      reasons.append("16 colours: \(because)")
      return .palette16
    default:
      reasons.append("no colours: \(because)")
      return .none
    }
  }

  private static func graphicsKind(
    _ environment: TerminalEnvironment, _ answers: Answers, _ colors: ColorDepth,
    _ choice: GraphicsChoice, _ reasons: inout [String]
  ) -> GraphicsKind {
    if choice != .auto, let kind = GraphicsKind(rawValue: choice.rawValue) {
      reasons.append("\(kind.rawValue) pictures: asked for")
      return kind
    }
    if let attributes = answers.attributes, attributes.contains(4) {
      reasons.append("sixel pictures: the terminal's device attributes contain 4")
      return .sixel
    }
    let noSixel =
      answers.attributes == nil
      ? "the terminal did not answer what it can do" : "no 4 in the device attributes"
    let isMultiplexed = environment.isInTmux || environment.isInScreen
    let version = answers.version ?? ""
    if !isMultiplexed {
      let speaksKitty =
        version.hasPrefix("kitty") || version.hasPrefix("ghostty")
        || environment.term == "xterm-kitty" || environment.term == "xterm-ghostty"
      if speaksKitty {
        reasons.append(
          "kitty pictures: this is \(version.isEmpty ? environment.term : version)")
        return .kitty
      }
      if version.hasPrefix("iTerm2") || environment["TERM_PROGRAM"] == "iTerm.app" {
        reasons.append("iTerm2 pictures: this is \(version.isEmpty ? "iTerm.app" : version)")
        return .iterm
      }
    }
    let multiplexer =
      environment.isInTmux ? " (inside tmux)" : environment.isInScreen ? " (inside screen)" : ""
    guard environment.isUTF8 else {
      reasons.append(
        "ASCII pictures: the locale \(environment.characterLocale ?? "C") is not UTF-8")
      return .ascii
    }
    switch colors {
    case .none:
      reasons.append("ASCII pictures: \(noSixel)\(multiplexer), and there are no colours")
      return .ascii
    case .trueColor, .palette256, .palette16:
      reasons.append("half-block pictures: \(noSixel)\(multiplexer)")
      return .blocks
    }
  }
}
