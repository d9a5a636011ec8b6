#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Lets any thread end another's waiting.
struct WakePipe: Sendable {
  let readEnd: Int32
  private let writeEnd: Int32

  /// Lives as long as the process: threads may call `wake` after the session has ended.
  init() throws(TerminalError) {
    var ends: [Int32] = [0, 0]
    guard unsafe pipe(&ends) == 0 else {
      throw .system(operation: "pipe", reason: NcursesGrid.reason(errno))
    }
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    (readEnd, writeEnd) = (ends[0], ends[1])
  }

  func wake() {
    var byte: UInt8 = 1
    // A full pipe has waked already.
    _ = unsafe write(writeEnd, &byte, 1)
  }

  /// Everything in a pipe that does not block.
  static func drain(_ descriptor: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64)
    while true {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return bytes }
      bytes += buffer.prefix(count)
    }
  }
}
