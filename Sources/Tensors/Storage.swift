import Glibc

/// Floats at a 64-byte boundary, the only memory tensors own and the one place that allocates it.
///
/// Sendable because every write happens before the storage is shared: `Tensor` fills it inside an
/// initialiser, or after having made sure that it holds the only reference. Safe because the
/// pointer only leaves through scoped, visibly unsafe calls.
@safe package final class Storage: @unchecked Sendable {
  package let count: Int
  private let base: UnsafeMutablePointer<Float>
  /// Bytes of a mapping of its own, 0 for memory of the allocator.
  private let mapped: Int

  /// Uninitialised room for `count` floats.
  package init(count: Int) {
    // Rounded up to whole cache lines so that SIMD loops may read the last line in full.
    let bytes = max(64, (count * MemoryLayout<Float>.stride + 63) & ~63)
    guard let raw = unsafe aligned_alloc(64, bytes) else {
      fatalError("out of memory: \(bytes) bytes for a tensor")
    }
    self.count = count
    mapped = 0
    unsafe base = raw.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
  }

  /// Room for `count` zeros, whose pages cost nothing before they are written to, in large pages
  /// where the system has them.
  package init(zeros count: Int) {
    let page = 4096
    let bytes = max(page, (count * MemoryLayout<Float>.stride + page - 1) / page * page)
    let raw = unsafe mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let raw = unsafe raw, unsafe raw != MAP_FAILED else {
      fatalError("out of memory: \(bytes) bytes for activations")
    }
    if bytes >= 4 << 20 { unsafe madvise(raw, bytes, MADV_HUGEPAGE) }
    self.count = count
    mapped = bytes
    unsafe base = raw.bindMemory(to: Float.self, capacity: bytes / MemoryLayout<Float>.stride)
  }

  deinit {
    if mapped > 0 { unsafe munmap(base, mapped) } else { unsafe free(base) }
  }

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
