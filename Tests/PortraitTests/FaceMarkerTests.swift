import Files
import Foundation
import Imaging
import TestFixtures
import Testing

@testable import Portrait

struct FaceMarkerTests {
  private func picture() throws -> PixelImage {
    let path = TestFixtures.committed("faces/render40.jpg").path
    return try PhotoFile(MappedFile(path: path).bytes).image
  }

  @Test func whatIsNoBoxHasNoMarks() throws {
    let picture = try picture()
    for size in [0, 1, -5, Double.infinity, .nan] {
      #expect(FaceMarker.marks(of: PhotoCrop(x: 20, y: 20, size: size), in: picture) == nil)
    }
  }

  /// Far beyond the picture there is its mirror image, and no harm.
  @Test func boxesAnywhereAreLookedAt() throws {
    let picture = try picture()
    for box in [
      PhotoCrop(x: -900, y: 4000, size: 3), PhotoCrop(x: 128, y: 128, size: 5000, angle: 77),
    ] {
      let answer = try #require(FaceMarker.marks(of: box, in: picture))
      #expect(answer.doubt.isFinite && answer.marks.leftEye.x.isFinite)
    }
  }

  @Test func looksAgreeOnAFace() throws {
    let picture = try picture()
    let face = try #require(FaceFinder().faces(in: picture).first)
    let box = PhotoCrop(x: face.crop.x, y: face.crop.y + 10, size: face.crop.size * 0.6)
    let onFace = try #require(FaceMarker.marks(of: box, in: picture))
    let beside = try #require(
      FaceMarker.marks(of: PhotoCrop(x: 10, y: 240, size: 60), in: picture))
    #expect(onFace.doubt < 0.02)
    #expect(onFace.doubt < beside.doubt)
  }
}
