import Imaging
import Testing

struct ContactSheetTests {
  private func pixel(_ value: UInt8) -> PixelImage {
    PixelImage(width: 1, height: 1, bytes: [value, value, value])
  }

  @Test func picturesRunRowByRowWithAGutter() {
    let sheet = ContactSheet.compose(
      [pixel(1), pixel(2), pixel(3)], columns: 2, gutter: 1, background: (9, 9, 9))
    #expect((sheet.width, sheet.height) == (3, 3))
    #expect(
      stride(from: 0, to: 27, by: 3).map { sheet.bytes[$0] } == [1, 9, 2, 9, 9, 9, 3, 9, 9])
  }

  @Test func theSheetIsNoWiderThanItsPictures() {
    let image = pattern(width: 4, height: 3)
    #expect(ContactSheet.compose([image], columns: 5, gutter: 7) == image)
  }

  @Test func wholePicturesLandInTheirPlaces() {
    let images = (0..<6).map { index in
      PixelImage(width: 3, height: 2, bytes: (0..<18).map { UInt8(index * 18 + $0) })
    }
    let sheet = ContactSheet.compose(images, columns: 3)
    #expect((sheet.width, sheet.height) == (9, 4))
    for (index, image) in images.enumerated() {
      for y in 0..<2 {
        let start = ((index / 3 * 2 + y) * 9 + index % 3 * 3) * 3
        #expect(Array(sheet.bytes[start..<start + 9]) == Array(image.bytes[y * 9..<y * 9 + 9]))
      }
    }
  }
}
