import CPseudoTerminal
package import TUI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A terminal without a screen: a command runs in it, and what it writes can be read. For
/// measurements and tests.
package final class PseudoTerminal {
  private let master: Int32
  /// Kept open, so that what the command wrote last can be read, and the modes it left.
  private let slave: Int32
  package private(set) var process: Int32 = 0
  private var buffer = [UInt8](repeating: 0, count: 65536)

  package init(
    size: Size, cell: TerminalTraits.PixelSize = .init(width: 8, height: 16)
  ) throws(TerminalError) {
    var slave: Int32 = -1
    master = unsafe pseudo_terminal_open(&slave)
    self.slave = slave
    guard master >= 0, slave >= 0 else {
      throw .system(operation: "posix_openpt", reason: NcursesGrid.reason(errno))
    }
    resize(size, cell: cell)
  }

  deinit {
    end(by: SIGKILL)
    close(master)
    close(slave)
  }

  package func resize(
    _ size: Size, cell: TerminalTraits.PixelSize = .init(width: 8, height: 16)
  ) {
    pseudo_terminal_resize(
      master, Int32(size.columns), Int32(size.rows), Int32(cell.width), Int32(cell.height))
  }

  /// The modes in which the terminal is, as bytes to compare.
  package var modes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe pseudo_terminal_modes(slave, &bytes, 256)
    return Array(bytes.prefix(Int(count)))
  }

  /// Starts a command as the leader of a session that this is the terminal of.
  /// - Parameters:
  ///   - command: the path of the program, then its arguments.
  ///   - environment: `NAME=value`
  package func run(_ command: [String], environment: [String]) throws(TerminalError) {
    var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
    let started = unsafe pseudo_terminal_run(slave, &arguments, &variables)
    let code = errno
    for index in 0..<command.count { unsafe free(arguments[index]) }
    for index in 0..<environment.count { unsafe free(variables[index]) }
    guard started > 0 else { throw .system(operation: "fork", reason: NcursesGrid.reason(code)) }
    process = started
  }

  /// Types; what the terminal does not take (the command does not read) is lost.
  package func send(_ bytes: [UInt8]) {
    _ = unsafe write(master, bytes, bytes.count)
  }

  package func send(_ text: String) { send(Array(text.utf8)) }

  /// What the command has written, as much as fits a buffer; empty where there is nothing.
  package func read(atMost limit: Int = .max) -> ArraySlice<UInt8> {
    let count = unsafe systemRead(master, &buffer, min(limit, buffer.count))
    return buffer.prefix(max(0, count))
  }

  /// Waits for something to read.
  package func wait(seconds: Double) -> Bool {
    var set = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&set, 1, Int32((max(0, seconds) * 1000).rounded(.up))) > 0
  }

  /// How the command ended: its status, or 128 + the signal's number; nil while it runs.
  package func status() -> Int32? {
    guard process > 0 else { return nil }
    let status = pseudo_terminal_status(process)
    if status >= 0 { process = 0 }
    return status >= 0 ? status : nil
  }

  /// Sends a signal to the command and those it started; one that kills is waited for.
  package func end(by signal: Int32) {
    guard process > 0 else { return }
    kill(-process, signal)
    if signal == SIGKILL {
      var status: Int32 = 0
      unsafe waitpid(process, &status, 0)
      process = 0
    }
  }
}

// Within the class this name is its own method.
private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  unsafe read(file, bytes, count)
}
