import Latents
import Testing

@Suite struct JSONDocumentPrintingTests {
  @Test func shortThingsStayOnALine() {
    let long = JSONDocument.array((0..<40).map { .number($0 + 1000) })
    let value = JSONDocument.object(
      JSONMembers([
        "short": .object(JSONMembers(["a": .number(1), "b": .array([.null, .bool(true)])])),
        "long": .array([long, .array([])]), "empty": .object(JSONMembers()),
      ]))
    let lines = value.pretty.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "{")
    #expect(lines[1] == "  \"short\": {\"a\": 1, \"b\": [null, true]},")
    #expect(lines[2] == "  \"long\": [")
    #expect(lines[3] == "    [")
    #expect(lines[4] == "      1000,")
    #expect(lines.suffix(4) == ["  ],", "  \"empty\": {}", "}", ""])
    #expect(lines.allSatisfy { $0.utf8.count <= 100 })
  }

  @Test func whatIsWrittenReadsBack() throws {
    let value = JSONDocument.object(
      JSONMembers([
        "text": .string("\"\\/\u{0}\u{1f}\u{7f}\n\r\té😀\u{2028}"),
        "numbers": .array([
          .number(Float(0.1)), .number(Float.leastNonzeroMagnitude),
          .number(-Float.greatestFiniteMagnitude), .number(Int.max),
        ]),
        "": .array([.object(JSONMembers(["deep": .array([.array([.null])])]))]),
      ]))
    let text = value.pretty
    let read = try JSONParser.parse(Array(text.utf8))
    #expect(read == value)
    #expect(read.pretty == text)
  }

  @Test func floatsAreShortAndExact() {
    for number in [0.7, 1.6, -0.1, 1e-30, 3.4e38, 1] as [Float] {
      guard case .number(let literal) = JSONDocument.number(number) else { continue }
      #expect(Float(literal) == number)
    }
    #expect(JSONDocument.number(Float(0.7)) == .number("0.7"))
  }
}

@Suite struct JSONMembersTests {
  @Test func keysKeepTheirOrder() {
    var object = JSONMembers(["b": .null, "a": .null, "c": .null])
    object["a"] = .bool(true)
    object["d"] = .null
    object["b"] = nil
    #expect(object.keys == ["a", "c", "d"])
    #expect(object["a"] == .bool(true) && object["b"] == nil && object.count == 3)
  }
}
