import Testing

@testable import FaceStudio

@Suite struct InterpolationTests {
  @Test func linearStaysAtItsEnds() {
    #expect(Interpolation.linear(-5, [0, 1], [2, 4]) == 2)
    #expect(Interpolation.linear(0.25, [0, 1], [2, 4]) == 2.5)
    #expect(Interpolation.linear(9, [0, 1], [2, 4]) == 4)
  }
}
