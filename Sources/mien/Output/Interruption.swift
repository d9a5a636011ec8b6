import Glibc

/// Ctrl-C as a question that work asks between its steps, instead of a sudden end.
///
/// SIGINT stays blocked and pending, so no handler runs and no state is global. Make it before
/// threads start: they inherit the block.
struct Interruption {
  private let isWatched: Bool

  /// Ctrl-C waits to be asked about from now on.
  init() {
    isWatched = true
    var signals = Interruption.set()
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  private init(isWatched: Bool) { self.isWatched = isWatched }

  /// Work that ctrl-C ends as it always does.
  static let never = Interruption(isWatched: false)

  var isRequested: Bool {
    guard isWatched else { return false }
    var pending = sigset_t()
    guard unsafe sigpending(&pending) == 0 else { return false }
    return unsafe sigismember(&pending, SIGINT) == 1
  }

  private static func set() -> sigset_t {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    return signals
  }
}
