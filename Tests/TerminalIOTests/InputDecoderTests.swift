import TUI
import TerminalIO
import Testing

@Suite struct InputDecoderTests {
  private static func key(_ key: Key, _ modifiers: Modifiers = []) -> InputDecoder.Output {
    .event(.key(key, modifiers))
  }
  private static func mouse(
    _ kind: MouseEvent.Kind, _ column: Int, _ row: Int, _ modifiers: Modifiers = []
  ) -> InputDecoder.Output {
    .event(.mouse(MouseEvent(kind, at: Point(column: column, row: row), modifiers: modifiers)))
  }

  /// What a terminal sends, and what it means.
  static let table: [(String, [InputDecoder.Output])] = [
    ("a", [key(.character("a"))]),
    ("A?", [key(.character("A")), key(.character("?"))]),
    ("é漢😀", [key(.character("é")), key(.character("漢")), key(.character("😀"))]),
    ("\r", [key(.enter)]),
    ("\n", [key(.enter)]),
    ("\t", [key(.tab)]),
    ("\u{7f}\u{8}", [key(.backspace), key(.backspace)]),
    ("\u{1}", [key(.character("a"), .control)]),
    ("\u{1a}", [key(.character("z"), .control)]),
    ("\u{0}", [key(.character(" "), .control)]),
    ("\u{1f}", [key(.character("_"), .control)]),
    ("\u{1b}x", [key(.character("x"), .alt)]),
    ("\u{1b}é", [key(.character("é"), .alt)]),
    ("\u{1b}\r", [key(.enter, .alt)]),
    ("\u{1b}[A\u{1b}[B\u{1b}[C\u{1b}[D", [key(.up), key(.down), key(.right), key(.left)]),
    ("\u{1b}OA\u{1b}OH\u{1b}OP", [key(.up), key(.home), key(.function(1))]),
    ("\u{1b}OM", [key(.enter)]),
    ("\u{1b}[1;2C", [key(.right, .shift)]),
    ("\u{1b}[1;5D", [key(.left, .control)]),
    ("\u{1b}[1;8A", [key(.up, [.shift, .alt, .control])]),
    ("\u{1b}[1;9A", [key(.up, .alt)]),
    ("\u{1b}\u{1b}[A", [key(.up, .alt)]),
    ("\u{1b}\u{1b}OA", [key(.up, .alt)]),
    // Escape typed just before the terminal answers.
    ("\u{1b}\u{1b}[6;17;8t", [key(.escape), .reply(.cellSize(width: 8, height: 17))]),
    ("\u{1b}\u{1b}[0n", [key(.escape), .reply(.ready)]),
    ("\u{1b}\u{1b}P>|XTerm(379)\u{1b}\\", [key(.escape), .reply(.version("XTerm(379)"))]),
    ("\u{1b}O5C", [key(.right, .control)]),
    ("\u{1b}[H\u{1b}[F\u{1b}[1~\u{1b}[4~", [key(.home), key(.end), key(.home), key(.end)]),
    ("\u{1b}[2~\u{1b}[3~", [key(.insert), key(.delete)]),
    ("\u{1b}[5~\u{1b}[6;5~", [key(.pageUp), key(.pageDown, .control)]),
    ("\u{1b}[15~\u{1b}[17~\u{1b}[24~", [5, 6, 12].map { key(.function($0)) }),
    ("\u{1b}[1;2R", [key(.function(3), .shift)]),
    ("\u{1b}[[A\u{1b}[[E", [key(.function(1)), key(.function(5))]),
    ("\u{1b}[Z", [key(.tab, .shift)]),
    ("\u{1b}[27;5;13~", [key(.enter, .control)]),
    ("\u{1b}[97;5u", [key(.character("a"), .control)]),
    ("\u{1b}[5^\u{1b}[a", [key(.pageUp, .control), key(.up, .shift)]),
    ("\u{1b}[<0;1;1M", [mouse(.press(1), 0, 0)]),
    ("\u{1b}[<2;250;99M", [mouse(.press(3), 249, 98)]),
    ("\u{1b}[<32;15;11M", [mouse(.drag(1), 14, 10)]),
    ("\u{1b}[<0;39;11m", [mouse(.release, 38, 10)]),
    ("\u{1b}[<64;3;4M\u{1b}[<65;3;4M", [mouse(.wheelUp, 2, 3), mouse(.wheelDown, 2, 3)]),
    ("\u{1b}[<4;2;2M", [mouse(.press(1), 1, 1, .shift)]),
    ("\u{1b}[<80;2;2M", [mouse(.wheelUp, 1, 1, .control)]),
    ("\u{1b}[<48;2;2M", [mouse(.drag(1), 1, 1, .control)]),
    ("\u{1b}[<35;2;2M\u{1b}[<66;2;2M\u{1b}[<128;1;1M", []),
    (
      "\u{1b}[200~one\ntwo \u{1b}[A 漢\u{1b}[201~x",
      [.event(.paste("one\ntwo \u{1b}[A 漢")), key(.character("x"))]
    ),
    ("\u{1b}[200~\u{1b}[201~", [.event(.paste(""))]),
    ("\u{1b}[?63;1;2;4;6c", [.reply(.attributes([63, 1, 2, 4, 6]))]),
    ("\u{1b}[0n", [.reply(.ready)]),
    ("\u{1b}[6;17;8t", [.reply(.cellSize(width: 8, height: 17))]),
    ("\u{1b}[?2026;2$y", [.reply(.mode(2026, state: 2))]),
    ("\u{1b}P>|foot(1.13.1)\u{1b}\\", [.reply(.version("foot(1.13.1)"))]),
    (
      "\u{1b}]11;rgb:0000/8080/ffff\u{1b}\\",
      [.reply(.background(red: 0, green: 128, blue: 255))]
    ),
    ("\u{1b}]11;rgb:f/0/8\u{7}", [.reply(.background(red: 255, green: 0, blue: 136))]),
    // Things nobody asked for are passed over without a trace.
    (
      "\u{1b}[I\u{1b}[>1;2c\u{1b}[3;4R\u{1b}]52;c;?\u{7}\u{1b}P1$r0m\u{1b}\\y",
      [key(.function(3), [.shift, .alt]), key(.character("y"))]
    ),
    ("\u{1b}[12\u{18}z", [key(.character("z"))]),
    ("\u{1b}[1;\u{1b}[A", [key(.up)]),
    ("\u{1b}Phalf a reply\u{1b}[Bq", [key(.down), key(.character("q"))]),
  ]

  @Test(arguments: table.indices)
  func decodesWhole(_ index: Int) {
    let (text, expected) = Self.table[index]
    var decoder = InputDecoder()
    #expect(decoder.feed(text.utf8) == expected, "\(text.debugDescription)")
    #expect(!decoder.isWaiting)
    #expect(decoder.flush() == [])
  }

  @Test(arguments: table.indices)
  func decodesInAllSplits(_ index: Int) {
    let (text, expected) = Self.table[index]
    let bytes = Array(text.utf8)
    for split in 0...bytes.count {
      var decoder = InputDecoder()
      let outputs = decoder.feed(bytes[..<split]) + decoder.feed(bytes[split...])
      #expect(outputs == expected, "\(text.debugDescription) split at \(split)")
    }
    var decoder = InputDecoder()
    #expect(bytes.flatMap { decoder.feed([$0]) } == expected, "byte by byte")
  }

  @Test func loneEscapeIsAKeyOnceNothingFollows() {
    var decoder = InputDecoder()
    #expect(decoder.feed([0x1b]) == [])
    #expect(decoder.isWaiting)
    #expect(decoder.flush() == [Self.key(.escape)])
    #expect(!decoder.isWaiting)
    #expect(decoder.feed("a".utf8) == [Self.key(.character("a"))])
  }

  @Test func altWithTheIntroducersOfSequences() {
    for (text, character) in [("[", "["), ("O", "O"), ("P", "P"), ("]", "]")] {
      var decoder = InputDecoder()
      #expect(decoder.feed("\u{1b}\(text)".utf8) == [])
      #expect(decoder.flush() == [Self.key(.character(Character(character)), .alt)])
    }
  }

  @Test func slowSequencesAreNotTornApart() {
    var decoder = InputDecoder()
    #expect(decoder.feed("\u{1b}[1;".utf8) == [])
    #expect(!decoder.isWaiting, "no key is meant by this")
    #expect(decoder.flush() == [])
    #expect(decoder.feed("5A".utf8) == [Self.key(.up, .control)])
  }

  @Test func illFormedBytesAreDropped() {
    var decoder = InputDecoder()
    #expect(
      decoder.feed([0xff, 0x61, 0xc3, 0x62, 0xe6, 0xbc, 0x63, 0x80, 0xed, 0xa0, 0x80, 0x64])
        == ["a", "b", "c", "d"].map { Self.key(.character($0)) })
  }

  @Test func endlessSequencesEnd() {
    var decoder = InputDecoder()
    let endless = Array(repeating: UInt8(ascii: "1"), count: 10_000)
    #expect(decoder.feed([0x1b, 0x5b]).isEmpty)
    // The excess is typed text as far as anyone can tell; the memory is bounded and input goes on.
    _ = decoder.feed(endless)
    #expect(decoder.feed("\u{1b}[A".utf8) == [Self.key(.up)])
    _ = decoder.feed([0x1b, 0x5d] + endless)
    #expect(decoder.feed("\u{1b}[A".utf8) == [Self.key(.up)])
  }

  @Test func everyByteAfterAnEscapeLeavesAWorkingDecoder() {
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        var decoder = InputDecoder()
        _ = decoder.feed([0x1b, first, second])
        _ = decoder.flush()
        // CAN ends any sequence, and is control-X by itself.
        _ = decoder.feed([0x18, 0x1b, 0x5c])
        _ = decoder.flush()
        #expect(
          decoder.feed("k".utf8) == [Self.key(.character("k"))], "after ESC \(first) \(second)")
      }
    }
  }
}
