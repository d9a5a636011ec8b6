import CNcurses
import CSixel

/// The libraries the terminal is driven with, for `mien doctor`.
package enum TerminalLibraries {
  /// Name and version.
  package static var versions: [(name: String, version: String)] {
    // "ncurses 6.4.20221231"
    let ncurses = unsafe curses_version().map { unsafe String(cString: $0) } ?? "?"
    return [
      ("ncurses", ncurses.hasPrefix("ncurses ") ? String(ncurses.dropFirst(8)) : ncurses),
      ("libsixel", LIBSIXEL_VERSION),
    ]
  }
}
