/// What a terminal says when asked (the questions are in `TerminalQuery`).
package enum TerminalReply: Hashable, Sendable {
  /// Primary device attributes (DA1), `CSI ? … c`: 4 among them means sixel.
  case attributes([Int])
  /// Device status report, `CSI 0 n`: everything sent before the question has been processed.
  case ready
  /// The size of a character cell in pixels, `CSI 6 ; height ; width t`.
  case cellSize(width: Int, height: Int)
  /// A private mode and its state (DECRPM): 0 unknown, 1 set, 2 reset, 3 and 4 permanently so.
  case mode(Int, state: Int)
  /// Name and version (XTVERSION), such as `XTerm(379)` or `foot(1.13.1)`.
  case version(String)
  /// The background colour (OSC 11), 8 bits a channel.
  case background(red: UInt8, green: UInt8, blue: UInt8)
}

/// Questions to a terminal, as bytes.
package enum TerminalQuery {
  /// Asked once at the start. The device attributes come last: every terminal answers them, so
  /// their reply tells that no other will come.
  package static let capabilities =
    "\u{1b}[16t\u{1b}[?2026$p\u{1b}[>q\u{1b}]11;?\u{1b}\\\u{1b}[c"
  /// Asked again after a resize.
  package static let cellSize = "\u{1b}[16t"
  /// Asked after a picture; answered by `TerminalReply.ready` when it has been drawn.
  package static let ready = "\u{1b}[5n"
}
