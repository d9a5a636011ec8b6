import Glibc

/// NumPy's legacy `RandomState(seed)`: the Mersenne twister MT19937 and the polar Gaussian, so that
/// seed N gives the same z here as in the reference tools.
///
/// Bit-identical to NumPy where libm's `log` is (glibc is); the pinned values are in the tests.
package struct NumPyRandomState: Sendable {
  private var key: [UInt32]
  private var position = 624
  /// The polar method makes normals in pairs; the second waits here for the next call.
  private var cachedNormal: Double?

  /// The state of `numpy.random.RandomState(seed)` (init_genrand of the 2002 Mersenne twister).
  package init(seed: UInt32) {
    key = [seed]
    key.reserveCapacity(624)
    for i in 1..<624 {
      let previous = key[i - 1]
      key.append(1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(i))
    }
  }

  /// The next tempered 32-bit output.
  package mutating func nextUInt32() -> UInt32 {
    if position == 624 { regenerate() }
    var y = key[position]
    position += 1
    y ^= y >> 11
    y ^= (y << 7) & 0x9d2c_5680
    y ^= (y << 15) & 0xefc6_0000
    y ^= y >> 18
    return y
  }

  /// `random_sample()`: uniform on [0, 1) with 53 bits.
  package mutating func randomSample() -> Double {
    let high = Double(nextUInt32() >> 5)
    let low = Double(nextUInt32() >> 6)
    return (high * 67_108_864 + low) / 9_007_199_254_740_992
  }

  /// `randn()`: a standard normal by Marsaglia's polar method.
  package mutating func randn() -> Double {
    if let cached = cachedNormal {
      cachedNormal = nil
      return cached
    }
    while true {
      let x1 = 2 * randomSample() - 1
      let x2 = 2 * randomSample() - 1
      let r2 = x1 * x1 + x2 * x2
      guard r2 < 1, r2 != 0 else { continue }
      let f = (-2 * log(r2) / r2).squareRoot()
      cachedNormal = f * x1
      return f * x2
    }
  }

  /// `randn(count)`, each rounded to float32 as the reference scripts do before the mapping network.
  package mutating func standardNormal(_ count: Int) -> [Float] {
    (0..<count).map { _ in Float(randn()) }
  }

  private mutating func regenerate() {
    for k in 0..<624 {
      let y = (key[k] & 0x8000_0000) | (key[(k + 1) % 624] & 0x7fff_ffff)
      key[k] = key[(k + 397) % 624] ^ (y >> 1) ^ (y & 1 == 1 ? 0x9908_b0df : 0)
    }
    position = 0
  }
}
