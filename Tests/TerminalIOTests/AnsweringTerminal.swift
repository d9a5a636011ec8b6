import Foundation
import TUI
import TerminalIO

/// Runs a command in a pseudo-terminal, answers the questions a terminal is asked, and keeps what
/// the command writes.
final class AnsweringTerminal {
  private let terminal: PseudoTerminal
  private(set) var text = ""
  /// Questions that were answered, by kind.
  private var answered = [0, 0]
  var attributes = "\u{1b}[6;16;8t\u{1b}[?62;4c"

  init(columns: Int = 80, rows: Int = 24) throws {
    terminal = try PseudoTerminal(size: Size(columns: columns, rows: rows))
  }

  var process: Int32 { terminal.process }

  func resize(columns: Int, rows: Int) { terminal.resize(Size(columns: columns, rows: rows)) }

  var modes: [UInt8] { terminal.modes }

  /// Starts the command as the leader of a session that this is the terminal of.
  func run(_ command: [String], environment: [String]) throws {
    try terminal.run(command, environment: environment)
  }

  func send(_ text: String) { terminal.send(text) }

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
      if let status = terminal.status() {
        pump()
        return status
      }
      usleep(5000)
    } while Date() < end
    return nil
  }

  private func pump() {
    var isNew = false
    while true {
      let bytes = terminal.read()
      guard !bytes.isEmpty else { break }
      // Latin 1 keeps every byte a character of its own; tests look for ASCII mostly.
      text.unicodeScalars.append(contentsOf: bytes.lazy.map { Unicode.Scalar($0) })
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
