package import Tensors

/// Reproducible values in [-1, 1) for tests: a small linear congruential generator.
package struct RandomTensors {
  private var state: UInt64

  package init(seed: UInt64) { state = seed &* 2 &+ 1 }

  package mutating func next() -> Float {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(Int32(truncatingIfNeeded: state >> 32)) / 2_147_483_648
  }

  package mutating func tensor(_ shape: Shape) -> Tensor {
    Tensor((0..<shape.count).map { _ in next() }, shape: shape)
  }
}

/// max |a − b| / max |b| over the whole array, the fixtures' measure of error.
package func relativeError(_ a: Tensor, _ b: Tensor) -> Float {
  guard a.shape.count == b.shape.count else { return .infinity }
  var largest: Float = 0
  var difference: Float = 0
  for (x, y) in zip(a.values, b.values) {
    guard x.isFinite, y.isFinite else { return .infinity }
    largest = max(largest, abs(y))
    difference = max(difference, abs(x - y))
  }
  return largest == 0 ? difference : difference / largest
}
