/// Damages bytes reproducibly: the same seed and number give the same damage on every machine.
package struct Mutator {
  private var state: UInt64

  package init(seed: UInt64, iteration: Int) {
    state = seed &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(truncatingIfNeeded: iteration)
    _ = next()
  }

  /// SplitMix64.
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// 0 ..< bound
  package mutating func below(_ bound: Int) -> Int {
    bound > 0 ? Int(next() % UInt64(bound)) : 0
  }

  /// Numbers at which lengths, counts and signs go wrong.
  private static let awkward: [UInt64] = [
    0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
    0x1_0000_0000, 0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0xffff_ffff_ffff_ffff,
  ]

  /// One to eight changes.
  package mutating func mutate(_ original: [UInt8], other: [UInt8]) -> [UInt8] {
    var bytes = original
    for _ in 0...(next() & 1 == 0 ? 0 : below(8)) { change(&bytes, other: other) }
    return bytes
  }

  /// Places where readers decide: the beginning and the end more often than the data between.
  private mutating func place(in bytes: [UInt8]) -> Int {
    switch below(4) {
    case 0: below(min(bytes.count, 512))
    case 1: max(0, bytes.count - 1 - below(min(bytes.count, 512)))
    default: below(bytes.count)
    }
  }

  private mutating func change(_ bytes: inout [UInt8], other: [UInt8]) {
    guard !bytes.isEmpty else {
      bytes = other
      return
    }
    let at = place(in: bytes)
    switch below(12) {
    case 0, 1: bytes[at] ^= 1 << UInt8(below(8))
    case 2, 3: bytes[at] = UInt8(truncatingIfNeeded: next())
    case 4:
      // A number of one to eight bytes, in either order.
      let value = Self.awkward[below(Self.awkward.count)]
      let width = 1 << below(4)
      let isBig = next() & 1 == 0
      for byte in 0..<width where at + byte < bytes.count {
        let shift = 8 * (isBig ? width - 1 - byte : byte)
        bytes[at + byte] = UInt8(truncatingIfNeeded: value >> UInt64(shift))
      }
    case 5: bytes.removeSubrange(at...)
    case 6: bytes.removeSubrange(at..<min(bytes.count, at + 1 + below(32)))
    case 7:
      let count = 1 + below(32)
      bytes.insert(contentsOf: (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }, at: at)
    case 8:
      // A piece of it once more, elsewhere.
      let from = below(bytes.count)
      let piece = Array(bytes[from..<min(bytes.count, from + 1 + below(256))])
      bytes.insert(contentsOf: piece, at: at)
    case 9:
      let from = below(bytes.count)
      let piece = Array(bytes[from..<min(bytes.count, from + 1 + below(64))])
      for (index, byte) in piece.enumerated() where at + index < bytes.count {
        bytes[at + index] = byte
      }
    case 10:
      // A piece of another file.
      guard !other.isEmpty else { return }
      let from = below(other.count)
      let piece = other[from..<min(other.count, from + 1 + below(256))]
      bytes.replaceSubrange(at..<min(bytes.count, at + piece.count), with: piece)
    default:
      // Digits of lengths and shapes written as text.
      if let digit = bytes[at...].firstIndex(where: { (0x30...0x39).contains($0) }) {
        bytes[digit] = UInt8(0x30 + below(10))
      }
    }
  }
}
