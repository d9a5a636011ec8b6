import Tensors
import TestFixtures
import Testing

@Suite struct PictureBytesTests {
  /// Around every bound, and longer than what is converted at a time.
  @Test(arguments: [1, 3]) func bytesOfAPicture(channels: Int) {
    var random = RandomTensors(seed: 2)
    let odd: [Float] = [-1, 1, 0, -1.0039, 1.0039, .nan, .infinity, -.infinity, 1e30, -0.00001]
    let plane = 10_007
    var values = random.tensor([channels * plane]).values.map { $0 * 1.2 }
    values.replaceSubrange(0..<odd.count, with: odd)
    let bytes = pictureBytes(Tensor(values, shape: [channels, plane, 1]), channels: channels)
    #expect(bytes.count == 3 * plane)
    for p in 0..<plane {
      for c in 0..<3 {
        let x = values[(channels == 1 ? 0 : c) * plane + p] * 127.5 + 128
        let expected: UInt8 = x > 0 ? UInt8(min(x, 255)) : 0
        if bytes[3 * p + c] != expected { Issue.record("pixel \(p): \(bytes[3 * p + c])") }
      }
    }
  }
}
