import Files
import Testing

@Suite struct BytesTests {
  let bytes = Bytes([1, 2, 3, 4, 5, 6, 7, 8, 9])

  @Test func slicesAreChecked() {
    #expect(bytes.slice(from: 9, count: 0)?.count == 0)
    #expect(bytes.slice(from: 9, count: 1) == nil)
    #expect(bytes.slice(from: -1, count: 1) == nil)
    #expect(bytes.slice(from: 1, count: .max) == nil)
    #expect(bytes.slice(from: .max, count: 1) == nil)
    #expect(bytes.slice(from: 0, count: -1) == nil)
    #expect(bytes.slice(from: 2, count: 4)?.slice(from: 1, count: 2)?.array == [4, 5])
  }

  @Test func integersAtAnyAlignment() {
    #expect(bytes.integer(at: 1, as: UInt32.self) == 0x0504_0302)
    #expect(bytes.integer(at: 1, as: UInt64.self) == 0x0908_0706_0504_0302)
    #expect(bytes.integer(at: 2, as: UInt64.self) == nil)
    #expect(bytes.integer(at: .max, as: UInt16.self) == nil)
    #expect(bytes.integer(at: -1, as: UInt16.self) == nil)
  }

  @Test func prefixes() {
    #expect(Bytes(Array("PK34".utf8)).starts(with: "PK"))
    #expect(!Bytes(Array("P".utf8)).starts(with: "PK"))
  }
}
