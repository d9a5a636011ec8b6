import Foundation
import Imaging
import TerminalIO
import Testing

@Suite struct DraftSixelEncoderTests {
  @Test(arguments: [(1, 1), (1, 7), (7, 1), (13, 11), (64, 48), (65, 49), (256, 256)])
  func decodesToThePicture(_ width: Int, _ height: Int) throws {
    let picture = TestPictures.ball(width, height)
    var encoder = DraftSixelEncoder(palette: DraftPalette(for: TestPictures.ball(128, 128)))
    let decoded = try SixelDecoder(encoder.encode(picture))
    #expect((decoded.width, decoded.height) == (width, height))
    #expect(decoded.parameters == "0;1;0")
    #expect(decoded.isComplete)
    #expect(TestPictures.psnr(decoded.image, picture) > 28)
  }

  @Test func decodesToTheNearestColors() throws {
    // Exact but for the dither: each pixel is one of the palette's colours, and near.
    let picture = TestPictures.noise(50, 31)
    let palette = DraftPalette(for: TestPictures.ball(64, 64))
    var encoder = DraftSixelEncoder(palette: palette)
    let decoded = try SixelDecoder(encoder.encode(picture))
    #expect(decoded.isComplete)
    for (index, register) in decoded.pixels.enumerated() {
      let color = palette.colors[try #require(register)]
      for (channel, value) in [color.x, color.y, color.z].enumerated() {
        let distance = abs(Int(value) - Int(picture.bytes[index * 3 + channel]))
        #expect(distance <= 85, "the lattice alone has a colour within half of 85 a channel")
      }
    }
  }

  /// Two threads share the bands; what comes out does not tell.
  @Test(arguments: [(64, 144), (65, 149), (200, 301)])
  func threadsMakeNoDifference(_ width: Int, _ height: Int) throws {
    let picture = TestPictures.ball(width, height)
    let palette = DraftPalette(for: TestPictures.ball(128, 128))
    var (one, two) = (
      DraftSixelEncoder(palette: palette, threads: 1),
      DraftSixelEncoder(palette: palette, threads: 2)
    )
    for picture in [TestPictures.noise(width, height), picture] {
      let bytes = two.encode(picture)
      #expect(bytes == one.encode(picture))
      #expect(try SixelDecoder(bytes).isComplete)
    }
  }

  /// A coarse picture has the same size, in blocks of two by two, and fewer bytes.
  @Test func coarsePicturesAreSmaller() throws {
    let picture = TestPictures.ball(240, 240)
    var encoder = DraftSixelEncoder(palette: DraftPalette(for: picture, .small))
    let fine = encoder.encode(picture)
    let whole = SixelEncoder.Part(x: 0, y: 0, width: 240, height: 240)
    let coarse = encoder.encode(picture, part: whole, coarseness: 2)
    #expect(coarse.count * 10 < fine.count * 9)
    let decoded = try SixelDecoder(coarse)
    #expect((decoded.width, decoded.height) == (240, 240) && decoded.isComplete)
    for y in 0..<240 {
      for x in 0..<240 where (x | y) & 1 == 1 {
        let (here, corner) = (decoded.pixels[y * 240 + x], decoded.pixels[(y & ~1) * 240 + x & ~1])
        if here != corner {
          Issue.record("\(x), \(y) differs from its block")
          return
        }
      }
    }
    #expect(TestPictures.psnr(decoded.image, picture) > 22)
    // A part cut at an odd place agrees with the whole.
    let part = SixelEncoder.Part(x: 31, y: 53, width: 100, height: 61)
    #expect(
      try SixelDecoder(encoder.encode(picture, part: part, coarseness: 2)).image
        == PictureScaler.cropped(decoded.image, x: 31, y: 53, width: 100, height: 61))
  }

  @Test func aSmallPaletteMakesSmallPictures() throws {
    let picture = TestPictures.ball(128, 128)
    let (large, small) = (DraftPalette(for: picture), DraftPalette(for: picture, .small))
    #expect(large.colors.count <= 255 && small.colors.count <= 64)
    var (full, few) = (DraftSixelEncoder(palette: large), DraftSixelEncoder(palette: small))
    let bytes = few.encode(picture)
    #expect(bytes.count * 10 < full.encode(picture).count * 9)
    #expect(TestPictures.psnr(try SixelDecoder(bytes).image, picture) > 24)
  }

  @Test func secondPictureOwesNothingToTheFirst() throws {
    let palette = DraftPalette(for: TestPictures.ball(64, 64))
    var used = DraftSixelEncoder(palette: palette)
    _ = used.encode(TestPictures.noise(90, 70))
    var fresh = DraftSixelEncoder(palette: palette)
    let picture = TestPictures.ball(33, 20)
    #expect(used.encode(picture) == fresh.encode(picture))
  }

  @Test func partsMakeUpTheWhole() throws {
    let picture = TestPictures.ball(40, 36)
    var encoder = DraftSixelEncoder(palette: DraftPalette(for: picture))
    let whole = try SixelDecoder(encoder.encode(picture)).image
    for part in [
      SixelEncoder.Part(x: 0, y: 0, width: 40, height: 10),
      .init(x: 3, y: 10, width: 17, height: 26),
    ] {
      let decoded = try SixelDecoder(encoder.encode(picture, part: part)).image
      #expect(
        decoded
          == PictureScaler.cropped(
            whole, x: part.x, y: part.y, width: part.width, height: part.height))
    }
  }

  @Test func paletteOfOneColorHasIt() throws {
    let picture = TestPictures.filled(9, 9, (255, 0, 0))
    var encoder = DraftSixelEncoder(palette: DraftPalette(for: picture))
    #expect(try SixelDecoder(encoder.encode(picture)).image == picture)
  }

  /// Prints what encoding costs; the limits hold for optimised code on any machine of this decade.
  @Test func isFastEnoughForDragging() throws {
    #if DEBUG
      let (sizes, rounds) = ([128], 1)
    #else
      let (sizes, rounds) = ([128, 256, 512], 9)
    #endif
    let clock = ContinuousClock()
    func best(_ body: () throws -> Void) rethrows -> Double {
      try (0..<rounds).map { _ in try clock.measure(body) / .milliseconds(1) }.min() ?? 0
    }
    for size in sizes {
      let picture = TestPictures.ball(size, size)
      let palette = DraftPalette(for: picture)
      var encoder = DraftSixelEncoder(palette: palette)
      var bytes = 0
      let draft = best { bytes = encoder.encode(picture).count }
      let still = try best { _ = try SixelEncoder.encode(picture) }
      let preparing = best { _ = DraftPalette(for: picture) }
      let scaling = best { _ = PictureScaler.scaled(picture, width: 512, height: 510) }
      print(
        "sixel \(size): draft \(draft) ms, \(bytes) bytes, libsixel \(still) ms, "
          + "palette \(preparing) ms, to 512x510 \(scaling) ms")
      #if !DEBUG
        if size == 256 { #expect(draft < 10) }
      #endif
    }
  }
}
