import Imaging
import Testing

@Suite struct SimilarityTests {
  @Test func theIdentityLeavesACrop() {
    let crop = PhotoCrop(x: 10, y: 20, size: 30, angle: 40)
    #expect(crop.moved(by: .identity) == crop)
  }

  /// A crop turned by a quarter has its right at the photo's bottom.
  @Test func movesAlongTheCropsOwnAxes() {
    let crop = PhotoCrop(x: 50, y: 60, size: 20, angle: 90)
    let moved = crop.moved(by: Similarity(x: 0.5, y: -0.2, logScale: 0, turn: 0.1))
    #expect(abs(moved.x - 52) < 1e-5)
    #expect(abs(moved.y - 65) < 1e-5)
    #expect(abs(moved.size - 20) < 1e-5)
    #expect(abs(moved.angle - (90 + 0.1 * 180 / Double.pi)) < 1e-5)
  }
}
