import CKernels

/// What this machine reaches at best, measured: the scale for everything else that is timed on it.
package struct MachinePeak: Hashable, Sendable {
  /// Multiplications and additions a second, float32, all threads.
  package let flops: Double
  /// The same on matrix tiles, bfloat16; 0 where the processor has none.
  package let tileFlops: Double
  /// Bytes a second between the processors and a working set larger than most caches.
  package let bandwidth: Double

  /// Takes a fraction of a second, and `workingSet` bytes of memory meanwhile.
  package static func measure(workingSet: Int = 384 << 20) -> MachinePeak {
    MachinePeak(
      flops: mien_peak_flops(), tileFlops: mien_peak_tile_flops(),
      bandwidth: mien_memory_bandwidth(max(12, workingSet)))
  }
}
