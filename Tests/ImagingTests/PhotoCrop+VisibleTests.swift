import Imaging
import Testing

@Suite struct PhotoCropVisibleTests {
  @Test func insideAPhotoAllIsVisible() {
    let crop = PhotoCrop(x: 50, y: 40, size: 40, angle: 10)
    #expect(crop.visiblePixels(width: 100, height: 80, side: 16) == nil)
  }

  @Test func beyondAnEdgeNothingIs() throws {
    // A quarter of the square lies left of the photo, a half below it.
    let crop = PhotoCrop(x: 10, y: 80, size: 40)
    let visible = try #require(crop.visiblePixels(width: 100, height: 80, side: 8))
    for row in 0..<8 {
      for column in 0..<8 {
        #expect(visible[row * 8 + column] == (row < 4 && column >= 2 ? 1 : 0))
      }
    }
  }

  @Test func aTurnedSquareLosesItsCorners() throws {
    let crop = PhotoCrop(x: 50, y: 50, size: 100, angle: 45)
    let visible = try #require(crop.visiblePixels(width: 100, height: 100, side: 20))
    #expect(visible[0] == 0 && visible[19] == 0 && visible[19 * 20] == 0 && visible[399] == 0)
    #expect(visible[10 * 20 + 10] == 1)
    #expect(visible.allSatisfy { $0 == 0 || $0 == 1 })
  }
}
