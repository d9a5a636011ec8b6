import Testing

@testable import FaceStudio

@Suite struct ColoursTests {
  @Test func linearAndOKLab() {
    #expect(Colours.linear(255, 255, 255) == Colour(1, 1, 1))
    #expect(abs(Colours.linear(188, 0, 0).x - 0.5) < 0.01)
    let white = Colours.oklab(0.9, 0, 0)
    #expect(abs(white.x - white.y) < 1e-3 && abs(white.y - white.z) < 1e-3)
    #expect(Colours.oklab(0.5, 0.1, 0).x > Colours.oklab(0.5, -0.1, 0).x)
    #expect(Colours.oklab(2, 0, 0) == Colour(repeating: 0.95))
  }

  @Test func pathsAndLimits() {
    let path = [Colour(0, 0, 0), Colour(1, 1, 1), Colour(1, 0, 0)]
    #expect(Colours.along(path, 0.25) == Colour(repeating: 0.5))
    #expect(Colours.along(path, 2) == Colour(1, 0, 0))
    #expect(Colours.limited(Colour(0.4, 0.2, 0), 0.2) == Colour(0.2, 0.1, 0))
  }
}
