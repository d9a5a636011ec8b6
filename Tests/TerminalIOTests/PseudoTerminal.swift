import CPseudoTerminal
import Foundation

/// A terminal without a screen: runs a command in a pseudo-terminal, answers the questions a
/// terminal is asked, and keeps what the command writes.
final class PseudoTerminal {
  enum Failure: Error { case none, notStarted }

  private let master: Int32
  private let slave: Int32
  private(set) var text = ""
  private(set) var process: pid_t = 0
  /// Questions that were answered, by kind.
  private var answered = [0, 0]
  var attributes = "\u{1b}[6;16;8t\u{1b}[?62;4c"

  init(columns: Int32 = 80, rows: Int32 = 24) throws {
    // The slave side is kept open, so that the modes can be compared after the command has gone.
    var slave: Int32 = -1
    master = unsafe pseudo_terminal_open(&slave)
    self.slave = slave
    guard master >= 0 else { throw Failure.none }
    resize(columns: columns, rows: rows)
  }

  deinit {
    if process > 0 { kill(-process, SIGKILL) }
    close(master)
    close(slave)
  }

  func resize(columns: Int32, rows: Int32) { pseudo_terminal_resize(master, columns, rows) }

  /// The modes in which the terminal is, as bytes to compare.
  var modes: [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe pseudo_terminal_modes(slave, &bytes, 256)
    return Array(bytes.prefix(Int(count)))
  }

  /// Starts the command as the leader of a session that this is the terminal of.
  func run(_ command: [String], environment: [String]) throws {
    var arguments = unsafe command.map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
    process = unsafe pseudo_terminal_run(slave, &arguments, &variables)
    for index in 0..<command.count { unsafe free(arguments[index]) }
    for index in 0..<environment.count { unsafe free(variables[index]) }
    if process < 0 { throw Failure.notStarted }
  }

  func send(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe write(master, bytes, bytes.count)
  }

  /// Lets time pass until the condition holds for what was written; false after `seconds`.
  func wait(_ seconds: Double = 30, until condition: (String) -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    repeat {
      pump()
      if condition(text) { return true }
      usleep(10_000)
    } while Date() < end
    return false
  }

  /// How the command ended: its status, or 128 + the signal's number. Nil when it did not.
  func waitForEnd(_ seconds: Double = 30) -> Int32? {
    let end = Date().addingTimeInterval(seconds)
    repeat {
      pump()
      let status = pseudo_terminal_status(process)
      if status >= 0 {
        pump()
        process = 0
        return status
      }
      usleep(5000)
    } while Date() < end
    return nil
  }

  private func pump() {
    var buffer = [UInt8](repeating: 0, count: 65536)
    var isNew = false
    while true {
      let count = unsafe read(master, &buffer, buffer.count)
      guard count > 0 else { break }
      // Latin 1 keeps every byte a character of its own; tests look for ASCII mostly.
      text.unicodeScalars.append(contentsOf: buffer.prefix(count).lazy.map { Unicode.Scalar($0) })
      isNew = true
    }
    guard isNew else { return }
    for (index, (question, answer)) in [("\u{1b}[c", attributes), ("\u{1b}[5n", "\u{1b}[0n")]
      .enumerated()
    {
      let asked = text.components(separatedBy: question).count - 1
      for _ in answered[index]..<max(answered[index], asked) { send(answer) }
      answered[index] = asked
    }
  }
}
