/// What a person did, or what happened to the terminal.
package enum InputEvent: Hashable, Sendable {
  case key(Key, Modifiers)
  case mouse(MouseEvent)
  /// Text pasted between the bracketed-paste marks.
  case paste(String)
  case resize(Size)
  /// A worker has something new to show.
  case wake
  /// The program was stopped (ctrl-Z) and goes on: everything must be drawn again.
  case resumed
}

package enum Key: Hashable, Sendable {
  /// A printable character as typed, shift already applied.
  case character(Character)
  case enter, escape, tab, backspace, delete, insert
  case up, down, left, right, home, end, pageUp, pageDown
  case function(Int)
}

package struct Modifiers: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }
  package static let shift = Modifiers(rawValue: 1)
  package static let alt = Modifiers(rawValue: 2)
  package static let control = Modifiers(rawValue: 4)
}

package struct MouseEvent: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Buttons: 1 left, 2 middle, 3 right.
    case press(Int), drag(Int), release
    case wheelUp, wheelDown
  }
  package var kind: Kind
  package var position: Point
  package var modifiers: Modifiers
  package init(_ kind: Kind, at position: Point, modifiers: Modifiers = []) {
    self.kind = kind
    self.position = position
    self.modifiers = modifiers
  }
}
