import CKernels

/// How many threads an operation shares its work among.
package enum ThreadShare {
  /// On the calling thread; by default one for each core.
  package static var count: Int { Int(mien_thread_count()) }

  /// What the calling thread does within `body` is shared among so many threads.
  package static func limited<R>(to count: Int, _ body: () -> R) -> R {
    let before = mien_thread_count()
    mien_set_thread_count(Int32(max(1, count)))
    defer { mien_set_thread_count(before) }
    return body()
  }
}
