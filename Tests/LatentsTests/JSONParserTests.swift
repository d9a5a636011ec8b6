import Latents
import Testing

@Suite struct JSONParserTests {
  private func parse(_ text: String) throws -> JSONDocument {
    try JSONParser.parse(Array(text.utf8))
  }

  private func error(_ text: String) -> String? {
    do {
      _ = try JSONParser.parse(Array(text.utf8))
      return nil
    } catch {
      return error.description
    }
  }

  @Test func readsEveryKind() throws {
    let value = try parse(
      """
       {"a": [1, -0.5e+10, true, false, null], "b": {"c": "x\\n\\u00e9\\ud83d\\ude00\\/"}, "é": []}
      """)
    let expected = JSONMembers([
      "a": .array([.number("1"), .number("-0.5e+10"), .bool(true), .bool(false), .null]),
      "b": .object(JSONMembers(["c": .string("x\né😀/")])),
      "é": .array([]),
    ])
    #expect(value == .object(expected))
  }

  @Test func keepsNumbersAsWritten() throws {
    let digits = String(repeating: "9", count: 5000)
    #expect(try parse(digits) == .number(digits))
    #expect(try parse("1e999999999") == .number("1e999999999"))
  }

  @Test func skipsAByteOrderMark() throws {
    #expect(try JSONParser.parse([0xEF, 0xBB, 0xBF, 0x30]) == .number("0"))
  }

  @Test(arguments: [
    ("", "line 1, column 1: the text ends where a value was expected"),
    ("{\n  \"a\": nul}", "line 2, column 8: a value was expected"),
    ("[1 2]", "line 1, column 4: \",\" or \"]\" was expected"),
    ("[1,]", "line 1, column 4: a value was expected"),
    ("{\"a\" 1}", "line 1, column 6: \":\" was expected"),
    ("{a: 1}", "line 1, column 2: a name in quotes was expected"),
    ("{\"a\": 1, \"a\": 2}", "line 1, column 10: the name \"a\" a second time"),
    ("{\"a\": 1} x", "line 1, column 10: text after the end"),
    ("01", "line 1, column 2: text after the end"),
    ("-", "line 1, column 2: a digit was expected"),
    ("1.", "line 1, column 3: a digit was expected"),
    ("1e", "line 1, column 3: a digit was expected"),
    ("NaN", "line 1, column 1: a value was expected"),
    ("\"a", "line 1, column 1: text without its closing quote"),
    ("\"\t\"", "line 1, column 2: a control character inside text"),
    ("\"\\x\"", "line 1, column 2: an unknown escape"),
    ("\"\\u12g4\"", "line 1, column 6: four hexadecimal digits were expected"),
    ("\"\\ud800\"", "line 1, column 2: half of a surrogate pair"),
    ("\"\\udc00\"", "line 1, column 2: half of a surrogate pair"),
    ("\"\\ud800\\u0041\"", "line 1, column 2: half of a surrogate pair"),
    ("\"\\", "line 1, column 3: the text ends inside an escape"),
  ])
  func refuses(text: String, words: String) {
    #expect(error(text) == words)
  }

  @Test func refusesTextThatIsNotUTF8() {
    let error = #expect(throws: JSONSyntaxError.self) {
      try JSONParser.parse([0x22, 0xFF, 0xFE, 0x22])
    }
    #expect(error?.description == "line 1, column 2: text that is not UTF-8")
  }

  @Test func nestingEnds() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { try parse(nested(64)) }
    #expect(error(nested(65)) == "line 1, column 65: nested more than 64 deep")
    #expect(error(String(repeating: "{\"a\":", count: 1_000_000)) != nil)
    #expect(error(String(repeating: "[", count: 5_000_000)) != nil)
  }

  @Test func everyTruncationIsAnError() {
    let text = "{\"a\": [1.5e3, \"\\u00e9\", true], \"b\": {\"c\": null}}"
    for length in 0..<text.utf8.count {
      #expect(throws: JSONSyntaxError.self) {
        try JSONParser.parse(Array(text.utf8.prefix(length)))
      }
    }
  }
}
