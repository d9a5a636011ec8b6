import Film
import Imaging
import Testing

struct LumaChromaTests {
  private func plain(_ r: UInt8, _ g: UInt8, _ b: UInt8) -> (UInt8, UInt8, UInt8) {
    let picture = LumaChroma(PixelImage(width: 4, height: 4, filledWith: (r, g, b)))
    #expect(picture.bytes.count == 24)
    #expect(Set(picture.bytes[..<16]).count == 1)
    return (picture.bytes[0], picture.bytes[16], picture.bytes[20])
  }

  /// ITU-R BT.709, items 3.4 and 3.5, in 8 bits of limited range.
  @Test func isBT709InLimitedRange() {
    #expect(plain(0, 0, 0) == (16, 128, 128))
    #expect(plain(255, 255, 255) == (235, 128, 128))
    #expect(plain(255, 0, 0) == (63, 102, 240))
    #expect(plain(0, 255, 0) == (173, 42, 26))
    #expect(plain(0, 0, 255) == (32, 240, 118))
    #expect(plain(128, 128, 128) == (126, 128, 128))
  }

  @Test func chromaLiesAtTheLeft() {
    // One red column of a black picture: the chroma at its own place takes half of it, the next a
    // quarter.
    var bytes = [UInt8](repeating: 0, count: 8 * 2 * 3)
    for y in 0..<2 { bytes[(y * 8 + 2) * 3] = 255 }
    let picture = LumaChroma(PixelImage(width: 8, height: 2, bytes: bytes))
    let cr = picture.bytes[20..<24].map { Int($0) - 128 }
    #expect(cr == [0, 56, 0, 0])
    for y in 0..<2 {
      bytes[(y * 8 + 2) * 3] = 0
      bytes[(y * 8 + 3) * 3] = 255
    }
    let between = LumaChroma(PixelImage(width: 8, height: 2, bytes: bytes))
    #expect(between.bytes[20..<24].map { Int($0) - 128 } == [0, 28, 28, 0])
  }
}
