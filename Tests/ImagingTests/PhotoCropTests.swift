import Imaging
import Testing

struct PhotoCropTests {
  @Test func theCentreIsTheLargestSquare() {
    let photo = PixelImage(width: 8, height: 6, filledWith: (0, 0, 0))
    #expect(PhotoCrop(centreOf: photo) == PhotoCrop(x: 4, y: 3, size: 6))
  }

  @Test func textFormIsReadBack() {
    for (text, crop) in [
      ("10,20,30", PhotoCrop(x: 10, y: 20, size: 30)),
      ("10.5,-20.25,30,-4.05", PhotoCrop(x: 10.5, y: -20.25, size: 30, angle: -4.05)),
    ] {
      #expect(PhotoCrop(parsing: text) == crop)
      #expect(PhotoCrop(parsing: crop.description) == crop)
    }
    #expect(PhotoCrop(x: 1, y: 2, size: 3.1, angle: -0.5).description == "1,2,3.1,-0.5")
    for text in ["", "auto", "1,2", "1,2,0", "1,2,-3", "1,2,3,4,5", "1,2,nan", "1,,3", "1,2,1e30"] {
      #expect(PhotoCrop(parsing: text) == nil, "\(text)")
    }
  }

  @Test func placesAndPointsAreInverse() {
    let crop = PhotoCrop(x: 40, y: 30, size: 20, angle: 90)
    // Turned a quarter clockwise its top left corner lies at the top right.
    let corner = crop.place(0, 0)
    #expect(abs(corner.x - 50) < 1e-9 && abs(corner.y - 20) < 1e-9)
    let back = PhotoCrop(x: 3, y: 4, size: 5, angle: 33)
    let place = back.place(0.2, 0.9)
    let point = back.point(place.x, place.y)
    #expect(abs(point.u - 0.2) < 1e-12 && abs(point.v - 0.9) < 1e-12)
  }
}
