import Imaging
import Testing

struct ScalingTests {
  @Test(
    arguments: [Scaling.nearest, .box, .bilinear], [(1, 1), (3, 2), (8, 8), (13, 5), (40, 64)])
  func aConstantPictureStaysConstant(scaling: Scaling, size: (Int, Int)) {
    let scaled = constant(width: 7, height: 11)
      .scaled(width: size.0, height: size.1, by: scaling)
    #expect(scaled == constant(width: size.0, height: size.1))
  }

  @Test(arguments: [Scaling.nearest, .box, .bilinear])
  func theSameSizeIsThePictureItself(scaling: Scaling) {
    let image = pattern(width: 6, height: 5)
    #expect(image.scaled(width: 6, height: 5, by: scaling) == image)
  }

  @Test func nearestAndBoxRepeatPixelsWhenEnlargingByWholeFactors() {
    let image = gray([[10, 20], [30, 40]])
    let expected = gray([
      [10, 10, 10, 20, 20, 20], [10, 10, 10, 20, 20, 20],
      [30, 30, 30, 40, 40, 40], [30, 30, 30, 40, 40, 40],
    ])
    #expect(image.scaled(width: 6, height: 4, by: .nearest) == expected)
    #expect(image.scaled(width: 6, height: 4, by: .box) == expected)
  }

  @Test func boxIsTheMeanOverTheCoveredArea() {
    #expect(
      gray([[0, 10, 100, 200], [20, 30, 0, 101]]).scaled(width: 2, height: 1, by: .box)
        == gray([[15, 100]]))
    // 3 → 2: each new pixel covers one whole and one half: (2·0 + 90)/3, (90 + 2·240)/3.
    #expect(gray([[0, 90, 240]]).scaled(width: 2, height: 1, by: .box) == gray([[30, 190]]))
  }

  @Test func bilinearInterpolatesBetweenCentresAndHoldsTheEdges() {
    #expect(
      gray([[0, 200]]).scaled(width: 4, height: 1, by: .bilinear) == gray([[0, 50, 150, 200]]))
    #expect(
      gray([[0], [200]]).scaled(width: 1, height: 4, by: .bilinear)
        == gray([[0], [50], [150], [200]]))
  }

  @Test func bilinearOfARampIsMonotonic() {
    let ramp = gray([(0..<16).map { UInt8($0 * 16) }])
    let scaled = ramp.scaled(width: 61, height: 3, by: .bilinear)
    let row = stride(from: 0, to: 61 * 3, by: 3).map { scaled.bytes[$0] }
    #expect(zip(row, row.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(row.first == 0 && row.last == 240)
  }

  @Test func theDefaultAveragesWhenShrinkingAndInterpolatesWhenEnlarging() {
    let image = pattern(width: 8, height: 8)
    #expect(image.scaled(width: 4, height: 4) == image.scaled(width: 4, height: 4, by: .box))
    #expect(
      image.scaled(width: 20, height: 20) == image.scaled(width: 20, height: 20, by: .bilinear))
  }

  private func constant(width: Int, height: Int) -> PixelImage {
    PixelImage(
      width: width, height: height, bytes: (0..<width * height).flatMap { _ in [255, 1, 127] })
  }

  private func gray(_ rows: [[UInt8]]) -> PixelImage {
    PixelImage(
      width: rows[0].count, height: rows.count,
      bytes: rows.flatMap { $0.flatMap { [$0, $0, $0] } })
  }
}
