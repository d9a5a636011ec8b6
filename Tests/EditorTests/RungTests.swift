import StyleGAN
import Testing

@testable import Editor

struct RungTests {
  @Test func theBestComesFirst() {
    #expect(
      Rung.ladder(sizes: [64, 128], hasDrafts: true)
        == [Rung(128), Rung(128, .draft), Rung(64), Rung(64, .draft)])
    #expect(Rung.ladder(sizes: [64, 128], hasDrafts: false) == [Rung(128), Rung(64)])
  }

  @Test func refinedInFewSteps() {
    let sizes = [4, 8, 16, 32, 64, 128, 256, 512, 1024]
    #expect(
      Rung.refinements(after: 64, to: 1024, among: sizes) == [Rung(256), Rung(1024)])
    #expect(Rung.refinements(after: 256, to: 1024, among: sizes) == [Rung(1024)])
    #expect(
      Rung.refinements(after: 16, to: 1024, among: sizes) == [Rung(64), Rung(256), Rung(1024)])
    // The size is there, but not in full precision.
    #expect(Rung.refinements(after: 1024, to: 1024, among: sizes) == [Rung(1024)])
    #expect(Rung.refinements(after: 4, to: 64, among: [64]) == [Rung(64)])
  }
}
