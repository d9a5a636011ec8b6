package import TUI

/// Why the screen could not be taken over.
package enum TerminalError: Error, Hashable, CustomStringConvertible {
  case notATerminal
  case dumb(term: String)
  /// ncurses knows no terminal of this name.
  case unknownTerminal(term: String)
  case tooSmall(Size, needs: Size)
  /// A system call on the terminal failed; `reason` in the system's words.
  case system(operation: String, reason: String)

  package var description: String {
    switch self {
    case .notATerminal:
      "the editor needs a terminal, but input or output is redirected; "
        + "`mien generate` makes pictures without one"
    case .dumb(let term):
      "the terminal type \(term.isEmpty ? "(TERM is not set)" : "TERM=\(term)") cannot "
        + "place the cursor; set TERM to what the terminal is, such as xterm-256color"
    case .unknownTerminal(let term):
      "terminfo has no entry for TERM=\(term); set TERM to xterm-256color, "
        + "or install the ncurses-term package"
    case .tooSmall(let size, let needs):
      "the terminal has \(size.columns)x\(size.rows) characters, "
        + "the editor needs \(needs.columns)x\(needs.rows)"
    case .system(let operation, let reason):
      "the terminal failed: \(operation): \(reason)"
    }
  }
}
