import Imaging
import TerminalIO
import Testing

@Suite struct PictureScalerTests {
  @Test func sameSizeIsTheSamePicture() {
    let picture = TestPictures.noise(9, 7)
    #expect(PictureScaler.scaled(picture, width: 9, height: 7) == picture)
  }

  @Test(arguments: [(1, 1), (3, 100), (640, 2), (31, 29), (512, 510)])
  func oneColorStaysThatColor(_ width: Int, _ height: Int) {
    let picture = TestPictures.filled(17, 13, (255, 1, 128))
    #expect(
      PictureScaler.scaled(picture, width: width, height: height)
        == TestPictures.filled(width, height, (255, 1, 128)))
  }

  @Test func doublingIsLinearBetweenCentres() {
    let picture = PixelImage(width: 2, height: 1, bytes: [0, 0, 0, 100, 100, 100])
    let doubled = PictureScaler.scaled(picture, width: 4, height: 1)
    #expect(
      doubled.bytes.enumerated().filter { $0.offset % 3 == 0 }.map(\.element) == [0, 25, 75, 100])
  }

  @Test func halvingWeighsAllPixels() {
    let picture = PixelImage(
      width: 8, height: 1, bytes: [0, 0, 0, 0, 255, 255, 255, 255].flatMap { [$0, $0, $0] })
    let halved = PictureScaler.scaled(picture, width: 4, height: 1)
    // A triangle four pixels wide: 1 3 3 1 eighths.
    #expect(
      halved.bytes.enumerated().filter { $0.offset % 3 == 0 }.map(\.element) == [0, 32, 223, 255])
  }

  @Test func agreesWithImagingWhereBothAreBilinear() {
    let picture = TestPictures.ball(32, 24)
    let mine = PictureScaler.scaled(picture, width: 100, height: 90)
    let theirs = picture.scaled(width: 100, height: 90, by: .bilinear)
    #expect(zip(mine.bytes, theirs.bytes).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
  }
}
