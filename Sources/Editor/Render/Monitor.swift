#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A value shared by threads, and a way to wait for it to change.
///
/// `Synchronization.Mutex` has no condition to wait on with a timeout, which the pause before a
/// full picture needs.
@safe final class Monitor<Value: Sendable>: @unchecked Sendable {
  // Invariant behind `@unchecked`: `value` is touched only between lock and unlock of `mutex`; the
  // pointers are set once.
  private var value: Value
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  init(_ value: Value) {
    self.value = value
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    #if !canImport(Darwin)
      unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    #endif
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Changes the value and lets those who wait look again.
  func update<Result>(_ body: (inout Value) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer {
      unsafe pthread_cond_broadcast(condition)
      unsafe pthread_mutex_unlock(mutex)
    }
    return body(&value)
  }

  func read<Result>(_ body: (Value) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body(value)
  }

  /// Waits until `take` returns something.
  /// - Parameter seconds: how long at most; without end where it is nil.
  /// - Returns: nil when the time is over.
  func wait<Result>(
    atMost seconds: Double? = nil, _ take: (inout Value) -> Result?
  ) -> Result? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    var deadline = timespec()
    if let seconds { deadline = Self.deadline(after: seconds) }
    while true {
      if let result = take(&value) { return result }
      if seconds == nil {
        unsafe pthread_cond_wait(condition, mutex)
      } else if unsafe pthread_cond_timedwait(condition, mutex, &deadline) == ETIMEDOUT {
        return take(&value)
      }
    }
  }

  private static func deadline(after seconds: Double) -> timespec {
    var now = timespec()
    #if canImport(Darwin)
      unsafe clock_gettime(CLOCK_REALTIME, &now)
    #else
      unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    #endif
    let nanoseconds = now.tv_nsec + Int(min(max(seconds, 0), 1e6) * 1e9)
    return timespec(
      tv_sec: now.tv_sec + nanoseconds / 1_000_000_000, tv_nsec: nanoseconds % 1_000_000_000)
  }
}

/// A thread of its own: what runs here may take seconds, which the threads that Swift's tasks
/// share must not.
enum WorkerThread {
  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  /// As large as the main thread's: networks of any depth run here.
  private static let stackSize = 8 << 20

  /// Starts a thread; it ends with `body`.
  /// - Returns: whether the system gave one.
  @discardableResult
  static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    let box = unsafe Unmanaged.passRetained(Body(body))
    // Allocated rather than initialised: the compiler takes the C type for one of whichever module
    // included its header first, and may find the initialiser out of sight.
    let status = unsafe withUnsafeTemporaryAllocation(of: pthread_attr_t.self, capacity: 1) {
      attributes in
      unsafe pthread_attr_init(attributes.baseAddress!)
      defer { unsafe pthread_attr_destroy(attributes.baseAddress!) }
      unsafe pthread_attr_setstacksize(attributes.baseAddress!, stackSize)
      unsafe pthread_attr_setdetachstate(
        attributes.baseAddress!, Int32(PTHREAD_CREATE_DETACHED))
      var thread = pthread_t()
      return unsafe pthread_create(
        &thread, attributes.baseAddress!,
        { context in
          guard let context = unsafe context else { return nil }
          unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
          return nil
        }, box.toOpaque())
    }
    if status != 0 { unsafe box.release() }
    return status == 0
  }
}
