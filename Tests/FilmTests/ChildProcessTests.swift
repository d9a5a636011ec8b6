import Testing

@testable import Film

struct ChildProcessTests {
  @Test func answers() throws {
    #expect(try ChildProcess.answer(of: "/bin/echo", ["a", "b"]) == "a b\n")
    var cat = try ChildProcess("/bin/cat", [])
    try cat.write(Array("hello".utf8))
    #expect(try cat.finish() == "hello")
  }

  @Test func itsLastWordsAreKept() throws {
    #expect(throws: FilmError.program(name: "sh", words: "no; film")) {
      _ = try ChildProcess.answer(of: "/bin/sh", ["-c", "echo no >&2; echo film >&2; exit 3"])
    }
  }

  @Test func aReaderThatGoesIsAnErrorNotTheEnd() throws {
    var child = try ChildProcess("/bin/sh", ["-c", "echo gone >&2; exit 1"])
    let error = #expect(throws: FilmError.self) {
      for _ in 0..<1000 { try child.write([UInt8](repeating: 0, count: 1 << 16)) }
    }
    #expect(error == .program(name: "sh", words: "gone"))
  }

  @Test func missing() {
    #expect(throws: FilmError.self) { _ = try ChildProcess("/no/such/program", []) }
    #expect(FFmpeg.find(in: ["PATH": "/no/such/folder"]) == nil)
  }

  @Test func metadataIsEscaped() {
    #expect(FilmJoin.escaped("a=b;c#d\\e\nf") == "a\\=b\\;c\\#d\\\\e\\\nf")
    #expect(FilmJoin.quoted("/a'b") == "'file:/a'\\''b'")
  }
}
