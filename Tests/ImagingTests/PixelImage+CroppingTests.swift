import Foundation
import Imaging
import Testing

struct PixelImageCroppingTests {
  private let photo = pattern(width: 40, height: 30)

  private func pixel(_ image: PixelImage, _ x: Int, _ y: Int) -> [UInt8] {
    Array(image.bytes[(y * image.width + x) * 3..<(y * image.width + x) * 3 + 3])
  }

  @Test func aCropOnThePixelsIsThosePixels() {
    let crop = photo.cropped(PhotoCrop(x: 15, y: 12, size: 10), side: 10)
    for y in 0..<10 {
      for x in 0..<10 { #expect(pixel(crop, x, y) == pixel(photo, 10 + x, 7 + y)) }
    }
  }

  @Test func quarterTurnsMovePixels() {
    let crop = photo.cropped(PhotoCrop(x: 15, y: 12, size: 10, angle: 90), side: 10)
    for y in 0..<10 {
      for x in 0..<10 { #expect(pixel(crop, x, y) == pixel(photo, 19 - y, 7 + x)) }
    }
  }

  @Test func beyondTheEdgeThePhotoIsMirrored() {
    let crop = photo.cropped(PhotoCrop(x: 0, y: 0, size: 8), side: 8)
    // Pixel 4 is the photo's 0; 3 shows its 1, as no mirror shows the edge twice.
    #expect(pixel(crop, 3, 5) == pixel(photo, 1, 1))
    #expect(pixel(crop, 4, 4) == pixel(photo, 0, 0))
    #expect(pixel(crop, 1, 2) == pixel(photo, 3, 2))
    // Far outside nothing breaks.
    #expect(photo.cropped(PhotoCrop(x: -500, y: 900, size: 7, angle: 20), side: 4).width == 4)
    let dot = PixelImage(width: 1, height: 1, bytes: [9, 8, 7])
    let grown = dot.cropped(PhotoCrop(centreOf: dot), side: 3)
    #expect(grown == PixelImage(width: 3, height: 3, filledWith: (9, 8, 7)))
  }

  @Test func smoothPicturesKeepTheirValuesWhateverTheTurnAndScale() {
    // A linear ramp is reproduced by the cubic at any place.
    var bytes: [UInt8] = []
    for y in 0..<200 as Range<UInt8> {
      for x in 0..<200 as Range<UInt8> { bytes += [x, y, 50] }
    }
    let ramp = PixelImage(width: 200, height: 200, bytes: bytes)
    for (size, angle) in [(50.0, 0.0), (50, 17), (100, -33), (120, 45), (90, 160)] {
      let crop = PhotoCrop(x: 100, y: 100, size: size, angle: angle)
      let small = ramp.cropped(crop, side: 12)
      for y in 0..<12 {
        for x in 0..<12 {
          let place = crop.place((Double(x) + 0.5) / 12, (Double(y) + 0.5) / 12)
          let found = pixel(small, x, y)
          #expect(abs(Double(found[0]) - (place.x - 0.5)) < 1.6)
          #expect(abs(Double(found[1]) - (place.y - 0.5)) < 1.6)
          #expect(found[2] == 50)
        }
      }
    }
  }

  @Test func finePatternsDoNotAlias() {
    // Stripes of one pixel become grey.
    let line = Array([[0, 0, 0], [255, 255, 255] as [UInt8]].joined())
    let stripes = PixelImage(
      width: 256, height: 256, bytes: Array(repeatElement(line, count: 128 * 256).joined()))
    for (size, angle) in [(200.0, 0.0), (200, 10), (160, 30), (90, 3)] {
      let small = stripes.cropped(PhotoCrop(x: 128, y: 128, size: size, angle: angle), side: 20)
      #expect(small.bytes.allSatisfy { abs(Int($0) - 128) < 8 }, "\(size) \(angle)")
    }
  }
}
