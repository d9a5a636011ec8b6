import Imaging
import Testing

@testable import Portrait

struct GreyImageTests {
  @Test(arguments: [(1, 1), (1, 700), (700, 1), (3, 3), (80, 80)])
  func smallPicturesHaveNoFaces(width: Int, height: Int) {
    let grey = GreyImage(PixelImage(width: width, height: height, filledWith: (10, 200, 90)))
    #expect(grey.width == width && grey.height == height)
    #expect(grey.faces(least: 0).isEmpty)
  }

  @Test func anEmptyPictureHasNoFaces() {
    #expect(GreyImage(PixelImage(width: 0, height: 0, bytes: [])).faces(least: 0).isEmpty)
  }
}
