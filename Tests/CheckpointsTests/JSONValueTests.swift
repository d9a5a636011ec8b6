import Testing

@testable import Checkpoints

@Suite struct JSONValueTests {
  @Test func values() throws {
    let json = try JSONValue(
      parsing:
        #" {"a": [1, -2.5e1, true, false, null], "b": {"c": "é\u00e9\ud83d\ude00\n\"\\\/"}} "#)
    #expect(json["a"] == .array([.integer(1), .number(-25), .bool(true), .bool(false), .null]))
    #expect(json["b"]?["c"]?.string == "éé😀\n\"\\/")
    #expect(json["c"] == nil)
    #expect(try JSONValue(parsing: "0").integer == 0)
    #expect(try JSONValue(parsing: "1e2").double == 100)
    #expect(try JSONValue(parsing: "9223372036854775808").integer == nil)
  }

  @Test func roundTrip() throws {
    let json = JSONValue.object([
      .init("text", .string("a\"\\\n\u{1}ü")), .init("n", .array([.integer(3), .number(0.1)])),
      .init("none", .null), .init("t", .bool(true)),
    ])
    #expect(try JSONValue(parsing: json.encoded) == json)
  }

  @Test(arguments: [
    "", "{", "[1,]", "{\"a\":}", "{\"a\" 1}", "01", "1.", "-", "+1", "nul", "\"a", "\"\\x\"",
    "\"\\u12\"", "\"\\ud800\"", "[1] 2", "{a: 1}", "'a'", "1e999", "\"\u{1}\"",
  ])
  func malformed(text: String) {
    #expect(throws: JSONError.self) { try JSONValue(parsing: text) }
  }

  @Test func duplicatesAndDepth() {
    #expect(throws: JSONError(problem: .duplicateKey("a"), offset: 7)) {
      try JSONValue(parsing: #"{"a":1,"a":2}"#)
    }
    #expect {
      try JSONValue(parsing: String(repeating: "[", count: 100_000))
    } throws: {
      ($0 as? JSONError)?.problem == .tooDeep
    }
    #expect(throws: JSONError(problem: .notUTF8, offset: 0)) {
      try JSONValue(parsing: [0x22, 0xff, 0x22])
    }
  }
}
