import Glibc

/// Floats at a 64-byte boundary, the only memory tensors own and the one place that allocates it.
///
/// Sendable because every write happens before the storage is shared: `Tensor` fills it inside an
/// initialiser, or after having made sure that it holds the only reference. Safe because the
/// pointer only leaves through scoped, visibly unsafe calls.
@safe package final class Storage: @unchecked Sendable {
  package let count: Int
  private let base: UnsafeMutablePointer<Float>

  /// Uninitialised room for `count` floats.
  package init(count: Int) {
    // Rounded up to whole cache lines so that SIMD loops may read the last line in full.
    let bytes = max(64, (count * MemoryLayout<Float>.stride + 63) & ~63)
    guard let raw = unsafe aligned_alloc(64, bytes) else {
      fatalError("out of memory: \(bytes) bytes for a tensor")
    }
    self.count = count
    unsafe base = raw.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
  }

  deinit { unsafe free(base) }

  package func withUnsafePointer<R, E: Error>(
    _ body: (UnsafePointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    try unsafe body(UnsafePointer(base))
  }

  package func withUnsafeMutablePointer<R, E: Error>(
    _ body: (UnsafeMutablePointer<Float>) throws(E) -> R
  ) throws(E) -> R {
    try unsafe body(base)
  }
}
