import Imaging
import Testing

@Suite struct PhotoCropTests {
  /// Every pixel its own colour: red its column, green its row.
  private let photo = PixelImage(
    width: 8, height: 6,
    bytes: (0..<6).flatMap { row in
      (0..<8).flatMap { column in [UInt8(column * 30), UInt8(row * 40), 0] }
    })

  @Test func theCentreIsTheLargestSquare() {
    let crop = PhotoCrop(centreOf: photo)
    #expect(crop == PhotoCrop(x: 4, y: 3, size: 6))
    let picture = photo.cropped(crop, side: 6)
    #expect(Array(picture.bytes.prefix(6)) == [30, 0, 0, 60, 0, 0])
    #expect(Array(picture.bytes.suffix(3)) == [180, 200, 0])
  }

  /// Turned clockwise by a right angle, the crop's right is the photo's down.
  @Test func turnsClockwise() {
    let picture = photo.cropped(PhotoCrop(x: 4, y: 3, size: 6, angle: 90), side: 6)
    #expect(Array(picture.bytes.prefix(6)) == [180, 0, 0, 180, 40, 0])
  }

  @Test func shrinksByMeans() {
    let picture = photo.cropped(PhotoCrop(x: 4, y: 3, size: 6), side: 3)
    #expect(Array(picture.bytes.prefix(3)) == [45, 20, 0])
  }

  @Test func goesOnBeyondTheEdge() {
    let picture = photo.cropped(PhotoCrop(x: -20, y: -20, size: 4), side: 2)
    #expect(picture.bytes == Array(repeating: 0, count: 12))
  }
}
