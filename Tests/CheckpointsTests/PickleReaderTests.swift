import Files
import Foundation
import Testing

@testable import Checkpoints

@Suite struct PickleReaderTests {
  /// Bytes with the characters of a Latin-1 text.
  private func read(
    _ text: String, vocabulary: PickleVocabulary = .torch
  ) throws -> PickleView {
    try PickleView(
      Bytes(text.unicodeScalars.map { UInt8($0.value) }), vocabulary: vocabulary)
  }

  private func expect(_ text: String, fails reason: PickleError.Reason, at offset: Int) {
    #expect {
      try read(text)
    } throws: { error in
      #expect(error as? PickleError == PickleError(reason: reason, offset: offset))
      return true
    }
  }

  @Test func numbers() throws {
    #expect(try read("I42\n.").integer == 42)
    #expect(try read("I01\n.").bool == true)
    #expect(try read("I00\n.").bool == false)
    #expect(try read("L-7L\n.").integer == -7)
    #expect(try read("F2.5\n.").double == 2.5)
    #expect(try read("K\u{ff}.").integer == 255)
    #expect(try read("M\u{1}\u{1}.").integer == 257)
    #expect(try read("J\u{fe}\u{ff}\u{ff}\u{ff}.").integer == -2)
    #expect(try read("G\u{3f}\u{f8}\0\0\0\0\0\0.").double == 1.5)
    #expect(try read("\u{80}\u{2}\u{8a}\0.").integer == 0)
    #expect(try read("\u{80}\u{2}\u{8a}\u{1}\u{80}.").integer == -128)
    #expect(try read("\u{80}\u{2}\u{8a}\u{2}\u{ff}\0.").integer == 255)
    #expect(
      try read("\u{80}\u{2}\u{8a}\u{8}\0\0\0\0\0\0\0\u{80}.").integer == Int.min)
    #expect(
      try read("\u{80}\u{2}\u{8a}\u{9}\0\0\0\0\0\0\0\0\u{1}.").wideInteger
        == [0, 0, 0, 0, 0, 0, 0, 0, 1])
    #expect(try read("\u{80}\u{2}\u{88}.").bool == true)
    #expect(try read("\u{80}\u{2}\u{89}.").bool == false)
    #expect(try read("N.").isNone)
  }

  @Test func texts() throws {
    #expect(try read("X\u{3}\0\0\0a\u{c3}\u{a9}.").text == "aé")
    #expect(try read("\u{80}\u{4}\u{8c}\u{2}hi.").text == "hi")
    #expect(try read("\u{80}\u{4}\u{8d}\u{2}\0\0\0\0\0\0\0hi.").text == "hi")
    #expect(try read("S'a\\n\\x41\\101\\''\n.").text == "a\nAA'")
    #expect(try read("Va\\u00e9\\U0001f600\u{e9}\n.").text == "aé😀é")
    #expect(try read("U\u{2}\u{e9}!.").text == "é!")
    #expect(try read("U\u{2}\u{e9}!.").data?.array == [0xe9, 0x21])
    #expect(try read("T\u{2}\0\0\0ok.").text == "ok")
    #expect(try read("C\u{2}\u{0}\u{1}.").data?.array == [0, 1])
    #expect(try read("B\u{2}\0\0\0\u{0}\u{1}.").data?.array == [0, 1])
    #expect(try read("\u{80}\u{5}\u{96}\u{1}\0\0\0\0\0\0\0a.").data?.array == [0x61])
    // Protocol 2 writes bytes as Latin-1 text.
    let encoded = "\u{80}\u{2}c_codecs\nencode\nX\u{3}\0\0\0a\u{c3}\u{bf}X\u{6}\0\0\0latin1\u{86}R."
    #expect(try read(encoded).data?.array == [0x61, 0xff])
  }

  @Test func containers() throws {
    #expect(try read("(I1\nI2\nl.").elements?.compactMap(\.integer) == [1, 2])
    #expect(try read("](K\u{1}K\u{2}e.").elements?.compactMap(\.integer) == [1, 2])
    #expect(try read("]K\u{1}a.").elements?.compactMap(\.integer) == [1])
    #expect(try read("(K\u{1}t.").elements?.count == 1)
    #expect(try read(").").elements?.isEmpty == true)
    #expect(
      try read("\u{80}\u{2}K\u{1}K\u{2}K\u{3}\u{87}.").elements?.compactMap(\.integer) == [1, 2, 3])
    #expect(try read("\u{80}\u{4}\u{8f}(K\u{5}\u{90}.").elements?.compactMap(\.integer) == [5])
    #expect(try read("\u{80}\u{4}(K\u{5}\u{91}.").elements?.compactMap(\.integer) == [5])
    let dictionary = try read("(S'a'\nI1\nS'b'\nI2\nd.")
    #expect(dictionary["b"]?.integer == 2)
    #expect(dictionary["c"] == nil)
    #expect(try read("}(U\u{1}aK\u{1}U\u{1}aK\u{2}u.")["a"]?.integer == 2)
    #expect(try read("}U\u{1}aK\u{1}s.")["a"]?.integer == 1)
    // A set as Python 3 writes it in protocol 2.
    #expect(
      try read("\u{80}\u{2}c__builtin__\nset\n](K\u{1}K\u{2}e\u{85}R.").elements?.count == 2)
  }

  @Test func stackAndMemo() throws {
    #expect(try read("K\u{1}K\u{2}0.").integer == 1)
    #expect(try read("K\u{1}(K\u{2}1.").integer == 1)
    #expect(try read("K\u{7}2\u{86}.").elements?.compactMap(\.integer) == [7, 7])
    #expect(try read("K\u{7}p5\n0g5\n.").integer == 7)
    #expect(try read("K\u{7}q\u{5}0h\u{5}.").integer == 7)
    #expect(try read("K\u{7}r\u{5}\0\0\0" + "0j\u{5}\0\0\0.").integer == 7)
    #expect(try read("\u{80}\u{4}K\u{7}\u{94}K\u{8}\u{94}00h\u{1}.").integer == 8)
  }

  @Test func sharedAndCyclicValues() throws {
    // l = []; l.append(l)
    let cycle = try read("]q\0h\0a.")
    #expect(cycle.elements?.first?.identity == cycle.identity)
    // a list that holds another twice
    let twice = try read("](]q\0h\0e.").elements!
    #expect(twice[0].identity == twice[1].identity)
  }

  @Test func orderedDictionaries() throws {
    let filled = try read("ccollections\nOrderedDict\n)R(U\u{1}aK\u{1}U\u{1}bK\u{2}u.")
    #expect(filled.entries?.map { $0.key.text } == ["a", "b"])
    // Python 2 hands over a list of pairs.
    let pairs = try read("ccollections\nOrderedDict\n](](U\u{1}aK\u{1}ee\u{85}R.")
    #expect(pairs["a"]?.integer == 1)
    let state = try read("ccollections\nOrderedDict\n)R}U\u{1}mK\u{3}sb.")
    #expect(state.call?.state?["m"]?.integer == 3)
  }

  @Test func callsAreNotedNotMade() throws {
    let path = try read("cpathlib\nPosixPath\n(U\u{1}at.")
    #expect(path.elements?.count == 1)
    let call = try #require(try read("cpathlib\nPosixPath\nU\u{1}a\u{85}R.").call)
    #expect(call.name == "pathlib.PosixPath")
    #expect(call.arguments.first?.text == "a")
    let rebuilt = try read(
      "ccopy_reg\n_reconstructor\n(cargparse\nNamespace\nc__builtin__\nobject\nNtR}b.")
    #expect(rebuilt.call?.name == "argparse.Namespace")
    // Mentioning something is harmless.
    #expect(try read("cos\nsystem\n.").global == "os.system")
  }

  @Test func forbiddenCalls() {
    expect("cos\nsystem\n(S'x'\ntR.", fails: .forbiddenCall("os.system"), at: 18)
    expect("(S'x'\nios\nsystem\n.", fails: .forbiddenCall("os.system"), at: 6)
    expect("(cos\nsystem\nS'x'\no.", fails: .forbiddenCall("os.system"), at: 17)
    expect("cos\nsystem\n)\u{81}.", fails: .forbiddenCall("os.system"), at: 12)
    expect("cos\nsystem\n)}\u{92}.", fails: .forbiddenCall("os.system"), at: 13)
    expect(
      "ccopyreg\n_reconstructor\n(cos\nsystem\nNNtR.", fails: .forbiddenCall("os.system"), at: 39)
    expect("K\u{1})R.", fails: .calledValue("a number"), at: 3)
    expect("]}b.", fails: .misused("a state is given to a list"), at: 2)
    expect(
      "cargparse\nNamespace\n)R}b}b.",
      fails: .misused("a second state is given to a result of argparse.Namespace"), at: 25)
  }

  @Test func malformed() {
    expect("", fails: .noStop, at: 0)
    expect("K\u{1}", fails: .noStop, at: 2)
    expect("\u{ff}.", fails: .unknownOpcode(0xff), at: 0)
    expect("\u{80}\u{6}.", fails: .protocolVersion(6), at: 0)
    expect(".", fails: .stackEmpty(opcode: "STOP"), at: 0)
    expect("(.", fails: .markLeft, at: 1)
    expect("e.", fails: .noMark(opcode: "APPENDS"), at: 0)
    expect("h\u{9}.", fails: .memoMissing(9), at: 0)
    expect("}]K\u{1}s.", fails: .notHashable("a list"), at: 4)
    expect("}(K\u{1}u.", fails: .oddItems, at: 4)
    expect("K\u{1}K\u{2}\u{93}.", fails: .notText("STACKGLOBAL"), at: 4)
    expect("\u{8c}\u{1}\u{ff}.", fails: .notUTF8, at: 0)
    expect("Ifoo\n.", fails: .badNumber("foo"), at: 0)
    expect("X\u{5}\0\0\0ab", fails: .cut(what: "BINUNICODE", needed: 5, available: 2), at: 0)
    expect("T\u{ff}\u{ff}\u{ff}\u{ff}", fails: .negativeLength, at: 0)
    expect("\u{95}\u{9}\0\0\0\0\0\0\0.", fails: .frame(9), at: 0)
    // An escape that ends with the text.
    expect("S'\\x5'\n.", fails: .notText("STRING"), at: 0)
    expect("\u{82}\u{1}.", fails: .extensionCode, at: 0)
    expect("P1\n.", fails: .persistentID, at: 0)
    expect("NQ.", fails: .persistentID, at: 1)
    expect("\u{97}.", fails: .outOfBand, at: 0)
    expect("NK\u{1}a.", fails: .misused("elements are appended to None"), at: 3)
    expect("](K\u{1}K\u{2}u.", fails: .misused("items are set in a list"), at: 6)
  }

  /// A file that only piles up values stops at a bound, long before memory does.
  @Test func tooManyValues() {
    #expect {
      try PickleView(
        Bytes([UInt8](repeating: UInt8(ascii: "]"), count: 1_000_001)), vocabulary: .torch)
    } throws: {
      ($0 as? PickleError)?.reason == .tooLarge(limit: 1_000_000)
    }
  }

  @Test func deepNestingNeedsNoStack() throws {
    let depth = 200_000
    let bytes =
      [UInt8](repeating: UInt8(ascii: "]"), count: depth)
      + [UInt8](repeating: UInt8(ascii: "a"), count: depth - 1) + [UInt8(ascii: ".")]
    var value = try PickleView(Bytes(bytes), vocabulary: .torch)
    var levels = 0
    while let inner = value.elements?.first {
      value = inner
      levels += 1
    }
    #expect(levels == depth - 1)
  }

  @Test func descriptionsNameThePlace() {
    #expect(
      "\(PickleError(reason: .forbiddenCall("os.system"), offset: 12))"
        == "the pickle asks to call os.system at byte 12; nothing in a checkpoint needs that, and nothing was run"
    )
    #expect(
      "\(PickleError(reason: .cut(what: "BINBYTES", needed: 9, available: 2), offset: 3))"
        == "the pickle is cut off or damaged: BINBYTES at byte 3 needs 9 bytes, 2 are left")
  }
}
