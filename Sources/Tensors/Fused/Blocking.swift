import CDNNL

/// The channel blocks of oneDNN's SIMD layouts: activations are
/// [channels / block][height][width][block], the channel count rounded up to whole blocks.
package enum Blocking {
  /// 16 with AVX-512, else 8.
  package static let preferred = Int(mien_preferred_block())

  package static func rounded(_ channels: Int, block: Int) -> Int {
    (channels + block - 1) / block * block
  }
}
