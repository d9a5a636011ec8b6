package import TUI

/// Pictures by iTerm2's protocol: a file within an escape sequence, stretched to cells.
package enum ITermGraphics {
  package static func show(png: [UInt8], over size: Size) -> [UInt8] {
    Array(
      ("\u{1b}]1337;File=inline=1;size=\(png.count);width=\(size.columns);height=\(size.rows);"
        + "preserveAspectRatio=0;doNotMoveCursor=1:").utf8)
      + Base64.encode(png) + [0x07]
  }
}
