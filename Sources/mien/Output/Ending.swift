import ArgumentParser
import TerminalIO

/// The one translation of errors into words and exit status.
struct Ending {
  let status: Int32
  /// What to print; help texts have many lines, errors one.
  let text: String
  private let goesToStandardOutput: Bool

  init(_ error: any Error) {
    switch error {
    case let failure as Failure:
      self.init(failure.status, "mien: " + failure.description)
      return
    case TerminalError.notATerminal:
      self.init(.usage, "mien: \(error)")
      return
    case let code as ExitCode:
      self.init(code.rawValue, text: "", goesToStandardOutput: false)
      return
    default: break
    }
    switch Mien.exitCode(for: error) {
    case .success:
      self.init(0, text: Mien.fullMessage(for: error), goesToStandardOutput: true)
    case .validationFailure:
      let help = Ending.helpCommand(in: Mien.fullMessage(for: error))
      let message = Ending.inlined(Mien.message(for: error))
      self.init(.usage, "mien: \(message) (see '\(help)')")
    default:
      self.init(.failed, "mien: \(error)")
    }
  }

  private init(_ status: ExitStatus, _ words: String) {
    self.init(status.rawValue, text: Ending.oneLine(words), goesToStandardOutput: false)
  }

  private init(_ status: Int32, text: String, goesToStandardOutput: Bool) {
    self.status = status
    self.text = text
    self.goesToStandardOutput = goesToStandardOutput
  }

  func print() {
    guard !text.isEmpty else { return }
    if goesToStandardOutput {
      StandardOutput.write(text + "\n")
    } else {
      StandardError.write(text + "\n")
    }
  }

  /// The argument parser's last line is "See 'mien generate --help' for more information."
  private static func helpCommand(in message: String) -> String {
    let quoted = message.split(separator: "\n").last { $0.contains("See '") }?
      .split(separator: "'").dropFirst().first
    return quoted.map(String.init) ?? "mien --help"
  }

  /// The argument parser sets more than a few choices as a list of their own lines.
  private static func inlined(_ message: String) -> String {
    let lines = message.split(separator: "\n").map { $0.drop { $0 == " " } }
    let choices = lines.filter { $0.hasPrefix("- ") }.map { $0.dropFirst(2) }
    guard !choices.isEmpty else { return message }
    return lines.filter { !$0.hasPrefix("- ") }.joined(separator: " ")
      .replacing("one of the following:", with: "one of: ")
      + choices.joined(separator: ", ")
  }

  /// Errors quote file names and file contents, which may hold anything: control characters could
  /// break the line or command the terminal.
  static func oneLine(_ text: String) -> String {
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.drop { $0 == " " }
    }
    let scalars = lines.joined(separator: " ").unicodeScalars.map { scalar -> Unicode.Scalar in
      scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) ? "\u{FFFD}" : scalar
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
