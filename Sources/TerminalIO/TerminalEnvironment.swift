package import TUI

/// What is known about the terminal without asking it: the environment's variables, what the
/// kernel says about the window and what terminfo says about the colours.
package struct TerminalEnvironment: Hashable, Sendable {
  package var variables: [String: String]
  package var size: Size
  /// The window in pixels by TIOCGWINSZ; zero where the kernel was not told.
  package var pixels: TerminalTraits.PixelSize
  /// Colours of the terminfo entry named by TERM; nil when there is no such entry.
  package var terminfoColors: Int?

  package init(
    variables: [String: String], size: Size = Size(columns: 80, rows: 24),
    pixels: TerminalTraits.PixelSize = .init(width: 0, height: 0), terminfoColors: Int? = nil
  ) {
    self.variables = variables
    self.size = size
    self.pixels = pixels
    self.terminfoColors = terminfoColors
  }

  /// A variable's value; unset and empty are the same.
  package subscript(_ name: String) -> String? {
    guard let value = variables[name], !value.isEmpty else { return nil }
    return value
  }

  package var term: String { self["TERM"] ?? "" }
  package var isDumb: Bool { term.isEmpty || term == "dumb" }
  package var isInTmux: Bool { self["TMUX"] != nil || term.hasPrefix("tmux") }
  package var isInScreen: Bool { self["STY"] != nil || (term.hasPrefix("screen") && !isInTmux) }
  package var isRemote: Bool { self["SSH_CONNECTION"] != nil || self["SSH_TTY"] != nil }
  package var declinesColor: Bool { self["NO_COLOR"] != nil }

  package var promisesTrueColor: Bool {
    self["COLORTERM"] == "truecolor" || self["COLORTERM"] == "24bit" || term.hasSuffix("-direct")
  }

  /// The locale that decides about characters, by the order POSIX gives; nil when none is set.
  package var characterLocale: String? { self["LC_ALL"] ?? self["LC_CTYPE"] ?? self["LANG"] }

  /// Whether characters beyond ASCII can be shown. Where nobody set a locale, as in containers,
  /// the terminal outside speaks UTF-8 all the same.
  package var isUTF8: Bool {
    guard let locale = characterLocale?.lowercased() else { return true }
    return locale.contains("utf-8") || locale.contains("utf8")
  }
}
