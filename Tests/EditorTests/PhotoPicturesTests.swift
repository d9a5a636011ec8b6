import Files
import Imaging
import Testing

@testable import Editor

struct PhotoPicturesTests {
  /// Red grows to the right, green downwards.
  private static func ramp(_ width: Int, _ height: Int) throws -> PhotoFile {
    var bytes: [UInt8] = []
    for row in 0..<height {
      for column in 0..<width {
        bytes += [UInt8(column * 255 / (width - 1)), UInt8(row * 255 / (height - 1)), 40]
      }
    }
    return try PhotoFile(Bytes(PPM.encode(PixelImage(width: width, height: height, bytes: bytes))))
  }

  private func pixel(_ image: PixelImage, _ x: Int, _ y: Int) -> [Int] {
    (0..<3).map { Int(image.bytes[(y * image.width + x) * 3 + $0]) }
  }

  @Test func theWholePhotoAtAnySize() throws {
    let levels = PhotoLevels(try Self.ramp(300, 200))
    for (width, height) in [(300, 200), (90, 60), (450, 300), (3, 2)] {
      let picture = levels.picture(width: width, height: height)
      #expect((picture.width, picture.height) == (width, height))
      let middle = pixel(picture, width / 2, height / 2)
      #expect(abs(middle[0] - 127) < 255 / width + 6 && abs(middle[1] - 127) < 255 / height + 6)
    }
  }

  /// The quick square is the careful one, nearly.
  @Test(arguments: [
    PhotoCrop(x: 150, y: 100, size: 100), PhotoCrop(x: 120, y: 90, size: 40, angle: 30),
    PhotoCrop(x: 150, y: 100, size: 190, angle: -90), PhotoCrop(x: 20, y: 20, size: 150),
  ])
  func squares(crop: PhotoCrop) throws {
    let photo = try Self.ramp(300, 200)
    let quick = PhotoLevels(photo).square(crop, side: 32)
    let careful = photo.image.cropped(crop, side: 32)
    let worst = zip(quick.bytes, careful.bytes).map { abs(Int($0) - Int($1)) }.max() ?? 255
    #expect(worst <= 8)
  }

  @Test func outsideTheSquareIsDark() {
    let photo = PixelImage(width: 80, height: 80, filledWith: (200, 200, 200))
    let picture = CropPicture(crop: PhotoCrop(x: 80, y: 80, size: 80)).draw(
      over: photo, scale: (0.5, 0.5))
    #expect(pixel(picture, 40, 40) == [200, 200, 200])
    #expect(pixel(picture, 5, 40) == [75, 75, 75])
    // The line runs at a quarter of the way.
    #expect(pixel(picture, 20, 40) == [255, 170, 90])
    let turned = CropPicture(crop: PhotoCrop(x: 80, y: 80, size: 80, angle: 45)).draw(
      over: photo, scale: (0.5, 0.5))
    #expect(pixel(turned, 22, 22) == [75, 75, 75])
    #expect(pixel(turned, 15, 40) == [200, 200, 200])
  }

  @Test func crossesStandWhereTheyShould() {
    let photo = PixelImage(width: 40, height: 40, filledWith: (0, 0, 0))
    let picture = CropPicture(
      crop: PhotoCrop(x: 20, y: 20, size: 400),
      crosses: [.init(FaceMarks.Point(x: 20, y: 20), reach: 6, isStrong: true)],
      showsSquare: false
    ).draw(over: photo, scale: (1, 1))
    #expect(pixel(picture, 24, 20) == [90, 255, 140])
    #expect(pixel(picture, 20, 16) == [90, 255, 140])
    #expect(pixel(picture, 24, 24) == [0, 0, 0])
    // One beyond the edge is no harm.
    let far = CropPicture(
      crop: PhotoCrop(x: 0, y: 0, size: 4),
      crosses: [.init(FaceMarks.Point(x: -900, y: 1e9), reach: 6, isStrong: true)])
    #expect(far.draw(over: photo, scale: (1, 1)).width == 40)
  }
}
