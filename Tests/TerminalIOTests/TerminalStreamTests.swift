import TerminalIO
import Testing

@Suite struct TerminalStreamTests {
  private let output =
    "\u{1b}[?1049h" + TerminalQuery.capabilities + "text \u{1b}[1;31mred\u{1b}(B"
    + "\u{1b}P0;1;0q\"1;1;2;6#0;2;0;0;0#0!2~\u{1b}\\more\u{1b}[5n\u{1b}]0;title\u{7}\u{1b}[16tend"

  private let expected: [TerminalStream.Item] = [
    .question(answer: "\u{1b}[6;16;8t"), .question(answer: "\u{1b}[?2026;2$y"),
    .question(answer: "\u{1b}]11;rgb:0000/0000/0000\u{1b}\\"),
    .question(answer: "\u{1b}[?62;4;22c"),
    .picture(Array("\u{1b}P0;1;0q\"1;1;2;6#0;2;0;0;0#0!2~\u{1b}\\".utf8)),
    .question(answer: "\u{1b}[0n"), .question(answer: "\u{1b}[6;16;8t"),
  ]

  @Test func findsPicturesAndQuestions() {
    var stream = TerminalStream()
    #expect(stream.feed(output.utf8) == expected)
  }

  /// However the bytes arrive.
  @Test func inAnyPieces() {
    for size in 1...40 {
      var stream = TerminalStream()
      var found: [TerminalStream.Item] = []
      var rest = Array(output.utf8)[...]
      while !rest.isEmpty {
        found += stream.feed(rest.prefix(size))
        rest = rest.dropFirst(size)
      }
      #expect(found == expected, "pieces of \(size)")
    }
  }

  @Test func theAnswersAreUnderstood() {
    var decoder = InputDecoder()
    var replies: [TerminalReply] = []
    for case .question(let answer) in expected {
      for case .reply(let reply) in decoder.feed(Array(answer.utf8)) { replies.append(reply) }
    }
    #expect(replies.contains(.ready) && replies.contains(.attributes([62, 4, 22])))
    #expect(replies.contains(.cellSize(width: 8, height: 16)))
    #expect(replies.contains(.mode(2026, state: 2)))
  }
}
