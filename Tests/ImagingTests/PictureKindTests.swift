import Files
import Imaging
import Testing

struct PictureKindTests {
  @Test func contentDecides() {
    #expect(PictureKind(Bytes([0xff, 0xd8, 0xff, 0xe0])) == .jpeg)
    #expect(PictureKind(Bytes(Array("RIFF0000WEBPVP8 ".utf8))) == .webp)
    #expect(PictureKind(Bytes(Array("RIFF0000WAVE".utf8))) == .other("a text"))
    #expect(PictureKind(Bytes(Array("P6\n1 1\n255\n".utf8))) == .ppm)
    #expect(PictureKind(Bytes([0x89])) == .other("no picture known here (it begins with 89)"))
  }
}
