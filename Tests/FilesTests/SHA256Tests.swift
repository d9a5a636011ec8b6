import Files
import Foundation
import Testing

@Suite struct SHA256Tests {
  // The examples of FIPS 180-4.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func knownDigests(text: String, digest: String) {
    #expect(SHA256.hex(of: Array(text.utf8)) == digest)
    #expect(SHA256.hex(of: Bytes(Array(text.utf8))) == digest)
  }

  @Test func piecesGiveTheSameDigestAsTheWhole() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for step in [1, 3, 63, 64, 65, 200] {
      var hash = SHA256()
      for start in stride(from: 0, to: bytes.count, by: step) {
        unsafe Array(bytes[start..<min(start + step, bytes.count)]).withUnsafeBytes {
          unsafe hash.update($0)
        }
      }
      let hex = hash.digest().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
      #expect(hex == SHA256.hex(of: bytes), "step \(step)")
    }
  }

  @Test func mappedFile() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(Array("abc".utf8), to: folder / "abc")
    #expect(
      SHA256.hex(of: try MappedFile(path: folder / "abc"))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
  }
}
