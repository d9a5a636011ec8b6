import Testing

@testable import FaceStudio

@Suite struct InterpolationTests {
  @Test func linearStaysAtItsEnds() {
    #expect(Interpolation.linear(-5, [0, 1], [2, 4]) == 2)
    #expect(Interpolation.linear(0.25, [0, 1], [2, 4]) == 2.5)
    #expect(Interpolation.linear(9, [0, 1], [2, 4]) == 4)
  }
}

@Suite struct MonotoneCurveTests {
  @Test func passesThroughItsKnotsWithoutOvershoot() {
    let curve = MonotoneCurve([0, 1, 2, 3], [0, 0, 1, 1])
    for (x, y) in [(0.0, 0.0), (1, 0), (2, 1), (3, 1)] { #expect(abs(curve(x) - y) < 1e-12) }
    for x in stride(from: -1.0, through: 4, by: 0.05) { #expect((0...1).contains(curve(x))) }
    #expect(abs(curve(1.5) - 0.5) < 1e-9)
  }

  @Test func closedCurvesStayNearTheirPoints() {
    let square = [SIMD2(0.0, 0.0), SIMD2(1, 0), SIMD2(1, 1), SIMD2(0, 1)]
    let curve = Interpolation.closedCurve(square, steps: 4)
    #expect(curve.count == 16)
    #expect(curve[0] == square[0] && curve[4] == square[1])
  }
}
