import CNcurses
import CTerminal
package import TUI

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension TerminalEnvironment {
  /// What the variables say, and terminfo of the terminal they name.
  package static func described(by variables: [String: String]) -> TerminalEnvironment {
    var environment = TerminalEnvironment(variables: variables)
    if !environment.isDumb {
      let colors = unsafe mien_terminfo_colors(environment.term)
      environment.terminfoColors = colors < 0 ? nil : Int(colors)
    }
    return environment
  }
}

/// The terminal as a pair of file descriptors, and what the kernel knows of it.
package struct TerminalDevice: Sendable {
  package let input: Int32
  package let output: Int32

  /// Standard input and output, when both are a terminal.
  package init() throws(TerminalError) {
    guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { throw .notATerminal }
    (input, output) = (STDIN_FILENO, STDOUT_FILENO)
  }

  package var environmentSize: (size: Size, pixels: TerminalTraits.PixelSize) {
    var values: [Int32] = [0, 0, 0, 0]
    let failed = unsafe mien_terminal_size(output, &values) != 0
    if failed || values[0] <= 0 || values[1] <= 0 {
      return (Size(columns: 80, rows: 24), .init(width: 0, height: 0))
    }
    return (
      Size(columns: Int(values[0]), rows: Int(values[1])),
      .init(width: Int(values[2]), height: Int(values[3]))
    )
  }

  /// What is known without asking the terminal.
  package func environment(variables: [String: String]) -> TerminalEnvironment {
    var environment = TerminalEnvironment.described(by: variables)
    (environment.size, environment.pixels) = environmentSize
    return environment
  }

  /// What can be read without waiting for more; empty at the end of input. Call it when `poll`
  /// says that there is something.
  package func read() throws(TerminalError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = unsafe systemRead(input, &buffer, buffer.count)
      if count >= 0 { return Array(buffer.prefix(count)) }
      if errno != EINTR, errno != EAGAIN {
        throw .system(operation: "read", reason: NcursesGrid.reason(errno))
      }
      if errno == EAGAIN { return [] }
    }
  }

  /// Writes a first part of the bytes; returns how many, 0 when interrupted by a signal.
  package func write(_ bytes: ArraySlice<UInt8>) throws(TerminalError) -> Int {
    // Small pieces: the descriptor blocks, and must not for long. (It cannot be made not to: the
    // shell shares it.)
    let count = unsafe bytes.prefix(4096).withUnsafeBytes {
      unsafe systemWrite(output, $0.baseAddress, $0.count)
    }
    if count >= 0 { return count }
    if errno == EINTR || errno == EAGAIN { return 0 }
    throw .system(operation: "write", reason: NcursesGrid.reason(errno))
  }

  /// Waits for input, or for room for output, or for others' descriptors.
  ///
  /// - Parameter timeout: in seconds; nil waits as long as it takes.
  package func wait(
    alsoForOutput: Bool, others: [Int32] = [], timeout: Double?
  ) -> (input: Bool, output: Bool, others: [Bool]) {
    var sets = [pollfd(fd: input, events: Int16(POLLIN), revents: 0)]
    sets += others.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    if alsoForOutput { sets.append(pollfd(fd: output, events: Int16(POLLOUT), revents: 0)) }
    let milliseconds = timeout.map { Int32(min(3_600_000, max(0, ($0 * 1000).rounded(.up)))) } ?? -1
    let count = unsafe poll(&sets, nfds_t(sets.count), milliseconds)
    guard count > 0 else { return (false, false, others.map { _ in false }) }
    return (
      sets[0].revents != 0, alsoForOutput && sets[sets.count - 1].revents != 0,
      sets[1...].prefix(others.count).map { $0.revents != 0 }
    )
  }
}

// Within the device these names are its own methods.
private func systemRead(_ file: Int32, _ bytes: UnsafeMutableRawPointer, _ count: Int) -> Int {
  unsafe read(file, bytes, count)
}
private func systemWrite(_ file: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  unsafe write(file, bytes, count)
}
