import Files
import Imaging
import Testing

@testable import Portrait

struct FaceAlignmentTests {
  private func photo(_ image: PixelImage) throws -> PhotoFile {
    try PhotoFile(Bytes(PNG.encode(image)))
  }

  private let face = FaceMarks(
    leftEye: .init(x: 95, y: 110), rightEye: .init(x: 161, y: 110), mouth: .init(x: 128, y: 176))

  @Test func aPictureOfTheModelsSizeIsTakenAsItIs() throws {
    let alignment = FaceAlignment(finder: FaceFinder(), side: 64, modelFace: face)
    let whole = try photo(PixelImage(width: 64, height: 64, filledWith: (90, 90, 90)))
    #expect(try alignment.crop(of: whole) == PhotoCrop(x: 32, y: 32, size: 64))
  }

  @Test func aModelWithoutAFaceGetsTheMiddle() throws {
    let blank = PixelImage(width: 64, height: 64, filledWith: (90, 90, 90))
    let alignment = FaceAlignment(finder: FaceFinder(), meanPicture: blank)
    #expect(alignment.modelFace == nil)
    let wide = try photo(PixelImage(width: 90, height: 40, filledWith: (9, 9, 9)))
    #expect(try alignment.crop(of: wide) == PhotoCrop(x: 45, y: 20, size: 40))
  }

  @Test func noFaceIsSaid() throws {
    let alignment = FaceAlignment(finder: FaceFinder(), side: 64, modelFace: face)
    let wide = try photo(PixelImage(width: 90, height: 40, filledWith: (9, 9, 9)))
    #expect(throws: AlignmentError.noFace) { try alignment.crop(of: wide) }
    #expect(throws: AlignmentError.noFace) { try alignment.crop(of: wide, face: 2) }
  }

  @Test func wordsSayWhatToDo() {
    let crops = [PhotoCrop(x: 1, y: 2, size: 30), PhotoCrop(x: 50.5, y: 6, size: 7, angle: -3)]
    #expect(
      AlignmentError.several(crops).description
        == "2 faces were found; choose one with --face: 1 at 1,2,30,0  2 at 50.5,6,7,-3")
    #expect(
      AlignmentError.noFace.description
        == "no face was found; say where it is with --crop x,y,size,angle")
    #expect(
      AlignmentError.noSuchFace(3, found: 1).description
        == "there is no face 3: one was found")
  }
}
