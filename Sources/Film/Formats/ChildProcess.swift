import Files
import Glibc

/// A program that is fed through its standard input, and whose complaints are kept.
///
/// Its input is a socket rather than a pipe: writing to one whose reader is gone is an error, not a
/// signal that ends this process. It gets no ctrl-C of its own: it has a process group for itself.
package struct ChildProcess: ~Copyable {
  private let name: String
  private var process: pid_t
  private var input: Int32
  /// What it writes to its standard error, and to its standard output.
  private let complaints: Outlet
  private let answers: Outlet

  package init(_ program: String, _ arguments: [String]) throws(FilmError) {
    name = String(program.split(separator: "/").last ?? "")
    let complaints = try Outlet(program)
    let answers = try Outlet(program)
    var ends: [Int32] = [-1, -1]
    guard
      unsafe socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0
    else { throw .file(FileError(path: program, operation: .open, code: errno)) }
    var size = Int32(4 << 20)
    unsafe _ = setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, answers.entry, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, complaints.entry, 2)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
      close(ends[1])
    }
    var words = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    defer { for unsafe word in unsafe words { unsafe free(word) } }
    var child = pid_t()
    let code = unsafe posix_spawn(&child, program, &actions, &attributes, &words, environ)
    guard code == 0 else {
      close(ends[0])
      throw .file(FileError(path: program, operation: .open, code: code))
    }
    process = child
    input = ends[0]
    self.complaints = complaints
    self.answers = answers
  }

  /// What a program that needs no input writes.
  package static func answer(of program: String, _ arguments: [String]) throws(FilmError) -> String {
    var child = try ChildProcess(program, arguments)
    return try child.finish()
  }

  deinit {
    if input >= 0 { close(input) }
    if process > 0 {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
  }

  /// Hands over bytes, waiting while the program is busy.
  package mutating func write(_ bytes: [UInt8]) throws(FilmError) {
    var done = 0
    while done < bytes.count {
      let sent = unsafe bytes.withUnsafeBytes {
        unsafe send(
          input, $0.baseAddress! + done, $0.count - done, Int32(MSG_NOSIGNAL))
      }
      if sent < 0 {
        if errno == EINTR { continue }
        // It is gone; why, it has said itself.
        _ = wait()
        throw .program(name: name, words: words)
      }
      done += sent
    }
  }

  /// Ends its input and waits for its end.
  /// - Returns: what it wrote to its standard output.
  @discardableResult
  package mutating func finish() throws(FilmError) -> String {
    close(input)
    input = -1
    let status = wait()
    let words = words
    guard status == 0, !words.contains("No space left"), !words.contains("Error writing") else {
      throw .program(name: name, words: words)
    }
    return answers.text
  }

  /// - Returns: the exit status; that of a signal is negative.
  private mutating func wait() -> Int32 {
    guard process > 0 else { return -1 }
    var status: Int32 = 0
    while unsafe waitpid(process, &status, 0) < 0, errno == EINTR {}
    process = 0
    return status & 0x7f == 0 ? status >> 8 & 0xff : -(status & 0x7f)
  }

  /// The last lines it wrote to its standard error, in one.
  private var words: String {
    let lines = complaints.text.split(whereSeparator: \.isNewline)
      .filter { !$0.hasPrefix("Svt[") }
    return lines.isEmpty ? "it says nothing about why" : lines.suffix(3).joined(separator: "; ")
  }
}

/// Room for what a program writes, read when it has ended; what does not fit (it may write some
/// megabyte) is lost rather than waited for.
private final class Outlet {
  let entry: Int32
  private let exit: Int32
  private(set) lazy var text: String = read()

  init(_ program: String) throws(FilmError) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      throw .file(FileError(path: program, operation: .open, code: errno))
    }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    exit = ends[0]
    entry = ends[1]
    _ = fcntl(entry, 1031 /* F_SETPIPE_SZ */, 1 << 20)
  }

  deinit {
    close(entry)
    close(exit)
  }

  private func read() -> String {
    var bytes: [UInt8] = []
    while true {
      let more = unsafe [UInt8](unsafeUninitializedCapacity: 65536) { buffer, count in
        count = max(0, unsafe Glibc.read(exit, buffer.baseAddress, 65536))
      }
      if more.isEmpty { return String(decoding: bytes, as: UTF8.self) }
      bytes += more
    }
  }
}
