import Tensors
import Testing

@testable import Portrait

struct PixelUnshuffleTests {
  @Test func blocksBecomeChannels() {
    let x = Tensor((0..<2 * 4 * 6).map(Float.init), shape: [1, 2, 4, 6])
    let y = x.pixelUnshuffled(by: 2)
    #expect(y.shape == [1, 8, 2, 3])
    // Channel 1 · 4 + 2 · 1 + 0: the lower left pixels of the second plane.
    #expect(Array(y.values[6 * 6..<7 * 6]) == [30, 32, 34, 42, 44, 46])
  }
}
