import TUI

/// A control sequence, `CSI` parameters intermediates final, taken apart.
struct ControlSequence {
  /// `?`, `<`, `>` or `=` before the parameters.
  var prefix: UInt8?
  var parameters: [Int] = []
  var intermediate: UInt8?
  var final: UInt8

  /// - Parameter body: the bytes between `ESC [` and `final`.
  init(body: [UInt8], final: UInt8) {
    self.final = final
    var current: Int?
    var isInSubparameter = false
    for byte in body {
      switch byte {
      case 0x30...0x39 where !isInSubparameter:
        current = min((current ?? 0) * 10 + Int(byte - 0x30), 1_000_000)
      case 0x3b:  // ;
        parameters.append(current ?? 0)
        current = nil
        isInSubparameter = false
      case 0x3a: isInSubparameter = true  // what follows a colon refines, we take the main value
      case 0x3c...0x3f: prefix = byte
      case 0x20...0x2f: intermediate = byte
      default: break
      }
    }
    if current != nil || !parameters.isEmpty { parameters.append(current ?? 0) }
  }

  var isPasteStart: Bool { final == UInt8(ascii: "~") && parameters == [200] && prefix == nil }

  func decoded(adding held: Modifiers) -> InputDecoder.Output? {
    switch prefix {
    case UInt8(ascii: "<"): return mouse.map { .event(.mouse($0)) }
    case UInt8(ascii: "?"): return privateReply.map { .reply($0) }
    case .some: return nil
    case nil: break
    }
    guard intermediate == nil else { return nil }
    switch final {
    case UInt8(ascii: "n"): return parameters == [0] ? .reply(.ready) : nil
    case UInt8(ascii: "t"):
      guard parameters.count == 3, parameters[0] == 6 else { return nil }
      return .reply(.cellSize(width: parameters[2], height: parameters[1]))
    default: break
    }
    guard let (key, modifiers) = KeySequences.control(parameters, final: final) else { return nil }
    return .event(.key(key, modifiers.union(held)))
  }

  private var privateReply: TerminalReply? {
    switch (intermediate, final) {
    case (nil, UInt8(ascii: "c")): .attributes(parameters)
    case (UInt8(ascii: "$"), UInt8(ascii: "y")) where parameters.count == 2:
      .mode(parameters[0], state: parameters[1])
    default: nil
    }
  }

  /// SGR mouse reports: `CSI < button ; column ; row M` (or `m` for a release), from 1.
  private var mouse: MouseEvent? {
    guard parameters.count == 3, final == UInt8(ascii: "M") || final == UInt8(ascii: "m") else {
      return nil
    }
    let code = parameters[0]
    let position = Point(column: max(0, parameters[1] - 1), row: max(0, parameters[2] - 1))
    var modifiers: Modifiers = []
    if code & 4 != 0 { modifiers.insert(.shift) }
    if code & 8 != 0 { modifiers.insert(.alt) }
    if code & 16 != 0 { modifiers.insert(.control) }
    let kind: MouseEvent.Kind
    switch (code & 0b1100_0000, code & 0b11) {
    case (64, 0): kind = .wheelUp
    case (64, 1): kind = .wheelDown
    case (0, let button) where button < 3:
      if final == UInt8(ascii: "m") {
        kind = .release
      } else {
        kind = code & 32 != 0 ? .drag(button + 1) : .press(button + 1)
      }
    default: return nil  // motion without a button, sideways wheels, further buttons
    }
    return MouseEvent(kind, at: position, modifiers: modifiers)
  }
}

extension Modifiers {
  /// As xterm numbers them in key sequences: 1 + shift 1 + alt 2 + control 4 + meta 8.
  init(parameter: Int) {
    let bits = max(0, parameter - 1)
    self = []
    if bits & 1 != 0 { insert(.shift) }
    if bits & 0b1010 != 0 { insert(.alt) }
    if bits & 4 != 0 { insert(.control) }
  }
}

/// Which sequences stand for which keys: those of xterm, and where rxvt and the Linux console
/// differ, theirs too.
enum KeySequences {
  static func singleShift(_ final: UInt8) -> Key? {
    switch final {
    case UInt8(ascii: "M"): .enter  // the keypad's
    default: letter(final)
    }
  }

  private static func letter(_ final: UInt8) -> Key? {
    switch final {
    case UInt8(ascii: "A"): .up
    case UInt8(ascii: "B"): .down
    case UInt8(ascii: "C"): .right
    case UInt8(ascii: "D"): .left
    case UInt8(ascii: "H"): .home
    case UInt8(ascii: "F"): .end
    case UInt8(ascii: "P"): .function(1)
    case UInt8(ascii: "Q"): .function(2)
    case UInt8(ascii: "R"): .function(3)
    case UInt8(ascii: "S"): .function(4)
    default: nil
    }
  }

  private static func numbered(_ number: Int) -> Key? {
    switch number {
    case 1, 7: .home
    case 2: .insert
    case 3: .delete
    case 4, 8: .end
    case 5: .pageUp
    case 6: .pageDown
    case 11...15: .function(number - 10)
    case 17...21: .function(number - 11)
    case 23...24: .function(number - 12)
    default: nil
    }
  }

  /// A key that is told by the code of its character (`CSI code ; modifiers u`, and xterm's
  /// `CSI 27 ; modifiers ; code ~`).
  private static func coded(_ code: Int) -> Key? {
    switch code {
    case 8, 127: .backspace
    case 9: .tab
    case 10, 13: .enter
    case 27: .escape
    case 32...0xd7ff: Unicode.Scalar(UInt32(code)).map { .character(Character($0)) }
    default: nil
    }
  }

  static func control(_ parameters: [Int], final: UInt8) -> (Key, Modifiers)? {
    let modifiers = Modifiers(parameter: parameters.count > 1 ? parameters[1] : 1)
    switch final {
    case UInt8(ascii: "~"):
      if parameters.count == 3, parameters[0] == 27 {
        return coded(parameters[2]).map { ($0, modifiers) }
      }
      return parameters.first.flatMap(numbered).map { ($0, modifiers) }
    case UInt8(ascii: "^"):  // rxvt with control
      return parameters.first.flatMap(numbered).map { ($0, .control) }
    case UInt8(ascii: "u"):
      return parameters.first.flatMap(coded).map { ($0, modifiers) }
    case UInt8(ascii: "Z"): return (.tab, .shift)
    case UInt8(ascii: "a")...UInt8(ascii: "d"):  // rxvt with shift
      return letter(final - 0x20).map { ($0, .shift) }
    default:
      // `CSI row ; column R` is also a cursor position, which is never asked for.
      return letter(final).map { ($0, modifiers) }
    }
  }
}

extension TerminalReply {
  /// The answer to `OSC 11 ; ?`: `11;rgb:hhhh/hhhh/hhhh` with one to four digits a channel.
  init?(operatingSystemCommand text: String) {
    guard text.hasPrefix("11;rgb:") else { return nil }
    let channels = text.dropFirst("11;rgb:".count).split(separator: "/").map { digits -> UInt8? in
      guard let value = Int(digits, radix: 16), (1...4).contains(digits.count) else { return nil }
      let largest = (1 << (4 * digits.count)) - 1
      return UInt8((value * 255 + largest / 2) / largest)
    }
    guard channels.count == 3, let red = channels[0], let green = channels[1],
      let blue = channels[2]
    else { return nil }
    self = .background(red: red, green: green, blue: blue)
  }
}
