import CDNNL

/// The channel blocks of oneDNN's SIMD layouts: activations are
/// [channels / block][height][width][block], the channel count rounded up to whole blocks.
package enum Blocking {
  /// 16 with AVX-512, else 8.
  package static let preferred = Int(mien_preferred_block())

  package static func rounded(_ channels: Int, block: Int) -> Int {
    (channels + block - 1) / block * block
  }

  /// The values of so many channels followed by zeros up to whole blocks.
  package static func padded(_ values: [Float], block: Int) -> [Float] {
    values + Array(repeating: 0, count: rounded(values.count, block: block) - values.count)
  }
}
