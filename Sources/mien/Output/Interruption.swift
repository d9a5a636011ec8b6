import Glibc

/// Ctrl-C as a question that work asks between its steps, instead of a sudden end.
///
/// SIGINT stays blocked and pending, so no handler runs and no state is global. Make it before
/// threads start: they inherit the block.
struct Interruption {
  init() {
    var signals = Interruption.set()
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  var isRequested: Bool {
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
