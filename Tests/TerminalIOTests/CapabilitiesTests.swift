import TUI
import TerminalIO
import Testing

/// What known terminals answered, byte for byte as far as it matters, and what follows from it.
@Suite struct CapabilitiesTests {
  private func capabilities(
    _ replies: String, _ variables: [String: String] = [:], colors: Int? = 256,
    pixels: TerminalTraits.PixelSize = .init(width: 0, height: 0),
    size: Size = Size(columns: 120, rows: 40), choice: GraphicsChoice = .auto
  ) -> Capabilities {
    var decoder = InputDecoder()
    let decoded = decoder.feed(replies.utf8).compactMap { output -> TerminalReply? in
      if case .reply(let reply) = output { reply } else { nil }
    }
    let defaults = ["TERM": "xterm-256color", "LC_ALL": "C.UTF-8"]
    return Capabilities(
      environment: TerminalEnvironment(
        variables: defaults.merging(variables) { $1 }, size: size, pixels: pixels,
        terminfoColors: colors),
      replies: decoded, choice: choice)
  }

  @Test func xtermAsVT340HasSixels() {
    let found = capabilities(
      "\u{1b}[6;17;8t\u{1b}[?2026;0$y\u{1b}P>|XTerm(379)\u{1b}\\\u{1b}]11;rgb:0000/0000/0000\u{1b}\\"
        + "\u{1b}[?63;1;2;4;6;9;15;16;22;28c",
      ["COLORTERM": "truecolor"], pixels: .init(width: 964, height: 684))
    #expect(found.graphics == .sixel)
    #expect(found.colors == .trueColor)
    #expect(found.cell == .init(width: 8, height: 17))
    #expect(!found.synchronizesUpdates)
    #expect(found.textErasesPictures)
    #expect(!found.hasLightBackground)
    #expect(
      found.reasons == [
        "cells are 8x17 pixels: the terminal says so",
        "24-bit colours: COLORTERM or TERM promises them",
        "sixel pictures: the terminal's device attributes contain 4",
      ])
  }

  @Test func xtermAsItComesHasNone() {
    let found = capabilities(
      "\u{1b}[?2026;0$y\u{1b}P>|XTerm(379)\u{1b}\\\u{1b}]11;rgb:ffff/ffff/ffff\u{1b}\\\u{1b}[?64;1;2;6;9;15;16;17;18;21;22;28c",
      pixels: .init(width: 964, height: 684))
    #expect(found.graphics == .blocks)
    #expect(found.colors == .palette256)
    #expect(found.cell == .init(width: 8, height: 17), "from the window: it has a border")
    #expect(found.hasLightBackground)
  }

  @Test func footHasSixelsAndSynchronizedUpdates() {
    let found = capabilities(
      "\u{1b}[6;17;8t\u{1b}[?2026;2$y\u{1b}P>|foot(1.13.1)\u{1b}\\\u{1b}]11;rgb:2424/2424/2424\u{1b}\\\u{1b}[?62;4;22c",
      ["TERM": "foot", "COLORTERM": "truecolor"])
    #expect(found.graphics == .sixel)
    #expect(found.synchronizesUpdates)
  }

  @Test func mltermHasSixels() {
    let found = capabilities(
      "\u{1b}[6;16;8t\u{1b}[?2026;0$y\u{1b}]11;rgb:0000/0000/0000\u{7}\u{1b}[?63;1;2;3;4;7;29c",
      ["TERM": "mlterm"])
    #expect(found.graphics == .sixel)
    #expect(found.cell == .init(width: 8, height: 16))
  }

  @Test func tmuxHasBlocks() {
    let found = capabilities(
      "\u{1b}[?1;2c", ["TERM": "tmux-256color", "TMUX": "/tmp/x,1,0"],
      pixels: .init(width: 120 * 16, height: 40 * 32))
    #expect(found.graphics == .blocks)
    #expect(
      found.reasons.last == "half-block pictures: no 4 in the device attributes (inside tmux)")
  }

  @Test func tmuxBuiltWithSixelsHasThem() {
    #expect(
      capabilities("\u{1b}[?1;2;4c", ["TERM": "tmux-256color", "TMUX": "x"]).graphics == .sixel)
  }

  @Test func attributesThatMerelyContainTheDigitAreNotSixel() {
    #expect(capabilities("\u{1b}[?64;14;42;1;40c").graphics == .blocks)
  }

  @Test func kittyAndGhosttyAreToldByNameOrVersion() {
    #expect(capabilities("\u{1b}[?62c", ["TERM": "xterm-kitty"]).graphics == .kitty)
    #expect(
      capabilities("\u{1b}P>|ghostty 1.2.0\u{1b}\\\u{1b}[?62;22c", colors: 256).graphics == .kitty)
    #expect(
      capabilities("\u{1b}[?1;2c", ["TERM": "screen", "TMUX": "x", "KITTY_WINDOW_ID": "1"]).graphics
        == .blocks, "tmux does not pass it on")
  }

  @Test func iTermIsToldByNameOrVersion() {
    #expect(
      capabilities("\u{1b}P>|iTerm2 3.5.0\u{1b}\\\u{1b}[?62;22c").graphics == .iterm)
    #expect(capabilities("\u{1b}[?1;2c", ["TERM_PROGRAM": "iTerm.app"]).graphics == .iterm)
  }

  @Test func konsoleKeepsPicturesUnderText() {
    let found = capabilities("\u{1b}P>|Konsole 24.02.1\u{1b}\\\u{1b}[?62;1;4c")
    #expect(found.graphics == .sixel)
    #expect(!found.textErasesPictures)
  }

  @Test func silenceMeansBlocksAndTheUsualCell() {
    let found = capabilities("")
    #expect(found.graphics == .blocks)
    #expect(found.cell == .init(width: 10, height: 20))
    #expect(found.reasons[0].contains("10x20"))
    #expect(found.reasons.last?.contains("did not answer") == true)
  }

  @Test func noColorMeansASCIIUnlessThereAreRealPictures() {
    #expect(capabilities("\u{1b}[?62c", ["NO_COLOR": "1"]).graphics == .ascii)
    let sixel = capabilities("\u{1b}[?62;4c", ["NO_COLOR": "1"])
    #expect(sixel.graphics == .sixel)
    #expect(sixel.colors == .none)
    #expect(capabilities("\u{1b}[?62c", ["NO_COLOR": ""]).graphics == .blocks, "empty is unset")
  }

  @Test func colorsByTerminfo() {
    #expect(capabilities("", colors: 8).colors == .palette16)
    #expect(capabilities("", colors: 16).colors == .palette16)
    #expect(capabilities("", colors: 0).colors == .none)
    #expect(capabilities("", colors: 0).graphics == .ascii)
    #expect(capabilities("", colors: 88).colors == .palette16)
  }

  @Test func aLocaleWithoutUTF8HasNoBlocks() {
    #expect(capabilities("", ["LC_ALL": "de_DE.ISO-8859-1"]).graphics == .ascii)
    #expect(
      capabilities("", ["LC_ALL": "", "LC_CTYPE": "", "LANG": "en_US.utf8"]).graphics == .blocks)
    #expect(capabilities("", ["LC_ALL": ""]).graphics == .blocks, "no locale at all: nobody minds")
  }

  @Test(arguments: [
    (GraphicsChoice.sixel, GraphicsKind.sixel), (.kitty, .kitty), (.iterm, .iterm),
    (.blocks, .blocks), (.ascii, .ascii),
  ])
  func choiceOverridesEverything(_ choice: GraphicsChoice, _ kind: GraphicsKind) {
    let found = capabilities("\u{1b}[?62;4c", choice: choice)
    #expect(found.graphics == kind)
    #expect(found.reasons.last == "\(kind.rawValue) pictures: asked for")
  }

  @Test func implausibleCellSizesAreNotBelieved() {
    #expect(capabilities("\u{1b}[6;0;0t\u{1b}[?62;4c").cell == .init(width: 10, height: 20))
    #expect(capabilities("\u{1b}[6;9999;1t\u{1b}[?62;4c").cell == .init(width: 10, height: 20))
  }
}
