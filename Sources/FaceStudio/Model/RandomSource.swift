/// SplitMix64: a small generator whose sequence is ours on every platform.
struct RandomSource {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A sequence for each pair of numbers.
  init(seed: UInt64, index: UInt64) {
    var mixer = RandomSource(seed: seed)
    let scrambled = mixer.next()
    mixer = RandomSource(seed: scrambled ^ (index &* 0xd134_2543_de82_ef95 &+ 1))
    state = mixer.next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// Uniform in 0..<1.
  mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + (high - low) * uniform() }

  mutating func shuffle<T>(_ values: inout [T]) {
    guard values.count > 1 else { return }
    for i in stride(from: values.count - 1, to: 0, by: -1) {
      values.swapAt(i, Int(next() % UInt64(i + 1)))
    }
  }
}
