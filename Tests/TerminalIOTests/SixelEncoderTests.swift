import Imaging
import TerminalIO
import Testing

@Suite struct SixelEncoderTests {
  @Test(arguments: [(1, 1), (1, 7), (7, 1), (13, 11), (64, 48), (65, 49)])
  func decodesToThePicture(_ width: Int, _ height: Int) throws {
    let picture = TestPictures.ball(width, height)
    let decoded = try SixelDecoder(SixelEncoder.encode(picture))
    #expect((decoded.width, decoded.height) == (width, height))
    #expect(decoded.isComplete)
    // Diffused errors have nowhere to go in tiny pictures.
    #expect(TestPictures.psnr(decoded.image, picture) > (width * height > 1000 ? 30 : 20))
  }

  @Test func unpaintedPixelsAreToStay() throws {
    let decoded = try SixelDecoder(SixelEncoder.encode(TestPictures.ball(32, 32)))
    #expect(decoded.parameters == "0;1;0")
  }

  @Test func oneColorIsThatColor() throws {
    let picture = TestPictures.filled(20, 20, (255, 0, 51))
    let decoded = try SixelDecoder(SixelEncoder.encode(picture))
    #expect(decoded.registers.count == 1)
    // libsixel looks at the upper five bits.
    #expect(zip(decoded.image.bytes, picture.bytes).allSatisfy { abs(Int($0) - Int($1)) < 10 })
  }

  @Test func thePictureIsNotChanged() throws {
    let picture = TestPictures.noise(64, 64)
    let before = picture.bytes
    _ = try SixelEncoder.encode(picture)
    #expect(picture.bytes == before)
  }

  @Test func partsShareTheirColorsAndMakeUpThePicture() throws {
    let picture = TestPictures.ball(60, 48)
    let parts: [SixelEncoder.Part] = [
      .init(x: 0, y: 0, width: 60, height: 12), .init(x: 0, y: 12, width: 20, height: 36),
      .init(x: 20, y: 12, width: 40, height: 36),
    ]
    let encoded = try SixelEncoder.encode(picture, parts: parts)
    var colors: [Int: [Int]] = [:]
    for (part, bytes) in zip(parts, encoded) {
      let decoded = try SixelDecoder(bytes)
      #expect((decoded.width, decoded.height) == (part.width, part.height))
      let cut = PictureScaler.cropped(
        picture, x: part.x, y: part.y, width: part.width, height: part.height)
      #expect(TestPictures.psnr(decoded.image, cut) > 28)
      for (register, color) in decoded.registers {
        let list = [color.0, color.1, color.2]
        #expect(colors[register] == nil || colors[register] == list)
        colors[register] = list
      }
    }
  }
}
