package import TUI

/// Turns the bytes a terminal sends into events and replies.
///
/// A pure state machine: it may be fed in any pieces. An escape character alone cannot be told
/// from the beginning of a sequence, except by waiting: when `isWaiting` and nothing has come for
/// some 30 ms, call `flush`.
package struct InputDecoder: Sendable {
  package enum Output: Hashable, Sendable {
    case event(InputEvent)
    case reply(TerminalReply)
  }

  /// Sequences longer than this are not ours to understand; the limit keeps a stream without an
  /// end from filling the memory. Pastes have their own.
  static let longestSequence = 4096
  static let longestPaste = 1 << 20

  private enum State: Hashable {
    case ground
    case escape
    /// After `ESC O`.
    case singleShift
    /// After `ESC [`.
    case control
    /// The Linux console sends function keys as `ESC [ [ A`.
    case consoleFunction
    /// After `ESC P` or `ESC ]`, until the string terminator.
    case string(isOperatingSystemCommand: Bool)
    case stringEscape(isOperatingSystemCommand: Bool)
    case paste
  }

  private var state = State.ground
  /// The sequence so far, without its introducer.
  private var buffer: [UInt8] = []
  private var utf8 = UTF8Accumulator()
  private var characterModifiers: Modifiers = []
  /// An escape came before the escape of this sequence: alt is held.
  private var isAltHeld = false
  private var output: [Output] = []

  package init() {}

  /// Whether the bytes so far could be a key of their own or the beginning of something longer.
  package var isWaiting: Bool {
    switch state {
    case .escape, .singleShift: true
    case .control, .string: buffer.isEmpty
    case .ground, .consoleFunction, .stringEscape, .paste: false
    }
  }

  package mutating func feed(_ bytes: some Sequence<UInt8>) -> [Output] {
    for byte in bytes { consume(byte) }
    defer { output.removeAll() }
    return output
  }

  /// Nothing more came: what is there was meant as it stands.
  package mutating func flush() -> [Output] {
    guard isWaiting else { return [] }
    switch state {
    case .escape: emit(.escape, heldAlt)
    case .singleShift: emit(.character("O"), .alt)
    case .control: emit(.character("["), .alt)
    case .string(let isCommand): emit(.character(isCommand ? "]" : "P"), .alt)
    case .ground, .consoleFunction, .stringEscape, .paste: break
    }
    reset()
    defer { output.removeAll() }
    return output
  }

  private mutating func reset() {
    state = .ground
    buffer.removeAll(keepingCapacity: true)
    isAltHeld = false
  }

  private mutating func emit(_ key: Key, _ modifiers: Modifiers = []) {
    output.append(.event(.key(key, modifiers)))
  }

  private mutating func consume(_ byte: UInt8) {
    switch state {
    case .ground: consumeGround(byte)
    case .escape: consumeEscape(byte)
    case .singleShift:
      // Some terminals put the modifier between: ESC O 5 A.
      if (0x30...0x39).contains(byte), buffer.isEmpty {
        buffer.append(byte)
        return
      }
      let modifiers = Modifiers(parameter: buffer.first.map { Int($0) - 0x30 } ?? 1)
      if let key = KeySequences.singleShift(byte) { emit(key, modifiers.union(heldAlt)) }
      reset()
    case .control: consumeControl(byte)
    case .consoleFunction:
      if (0x41...0x45).contains(byte) { emit(.function(Int(byte) - 0x40)) }
      reset()
    case .string(let isCommand):
      switch byte {
      case 0x1b: state = .stringEscape(isOperatingSystemCommand: isCommand)
      case 0x07 where isCommand: finishString(isOperatingSystemCommand: true)
      case 0x18, 0x1a: reset()
      default:
        buffer.append(byte)
        if buffer.count > Self.longestSequence { reset() }
      }
    case .stringEscape(let isCommand):
      if byte == 0x5c {
        finishString(isOperatingSystemCommand: isCommand)
      } else {
        // The string was abandoned; this is the second byte of something new.
        reset()
        state = .escape
        consume(byte)
      }
    case .paste: consumePaste(byte)
    }
  }

  private var heldAlt: Modifiers { isAltHeld ? .alt : [] }

  private mutating func consumeGround(_ byte: UInt8) {
    if byte == 0x1b {
      utf8.reset()
      state = .escape
    } else {
      consumeCharacter(byte, modifiers: [])
    }
  }

  private mutating func consumeEscape(_ byte: UInt8) {
    switch byte {
    case 0x1b:
      // Two in a row: alt with a key that is a sequence itself, or escape typed twice.
      if isAltHeld { emit(.escape) }
      isAltHeld = true
    case 0x5b: state = .control
    case 0x4f: state = .singleShift
    case 0x50: state = .string(isOperatingSystemCommand: false)
    case 0x5d: state = .string(isOperatingSystemCommand: true)
    default:
      let doubled = isAltHeld
      reset()
      if doubled { emit(.escape) }
      consumeCharacter(byte, modifiers: .alt)
    }
  }

  private mutating func consumeCharacter(_ byte: UInt8, modifiers: Modifiers) {
    switch byte {
    case 0x00: emit(.character(" "), modifiers.union(.control))
    case 0x08, 0x7f: emit(.backspace, modifiers)
    case 0x09: emit(.tab, modifiers)
    case 0x0a, 0x0d: emit(.enter, modifiers)
    case 0x01...0x1a:
      let letter = Character(Unicode.Scalar(byte + 0x60))
      emit(.character(letter), modifiers.union(.control))
    case 0x1b...0x1f:
      let symbol = Character(Unicode.Scalar(byte + 0x40))
      emit(.character(symbol), modifiers.union(.control))
    default:
      // Alt belongs to the whole character, of which this may be but the first byte.
      if byte >= 0xc0 { characterModifiers = modifiers }
      if let scalar = utf8.feed(byte) {
        emit(.character(Character(scalar)), byte < 0x80 ? modifiers : characterModifiers)
      }
    }
  }

  private mutating func consumeControl(_ byte: UInt8) {
    switch byte {
    case 0x5b where buffer.isEmpty:
      state = .consoleFunction
    case 0x20...0x3f:
      buffer.append(byte)
      if buffer.count > Self.longestSequence { reset() }
    case 0x40...0x7e:
      let sequence = ControlSequence(body: buffer, final: byte)
      let alt = heldAlt
      reset()
      if sequence.isPasteStart {
        state = .paste
      } else if let decoded = sequence.decoded(adding: alt) {
        // Alt is held with keys, not with answers: that escape was a key of its own.
        if case .reply = decoded, !alt.isEmpty { emit(.escape) }
        output.append(decoded)
      }
    case 0x1b:
      reset()
      state = .escape
    default:
      reset()  // CAN, SUB, or a byte no sequence contains
    }
  }

  private mutating func finishString(isOperatingSystemCommand: Bool) {
    let text = String(decoding: buffer, as: UTF8.self)
    let escapeBefore = isAltHeld
    reset()
    if escapeBefore { emit(.escape) }
    if isOperatingSystemCommand {
      if let color = TerminalReply(operatingSystemCommand: text) { output.append(.reply(color)) }
    } else if text.hasPrefix(">|") {
      output.append(.reply(.version(String(text.dropFirst(2)))))
    }
  }

  private static let pasteEnd: [UInt8] = Array("\u{1b}[201~".utf8)

  private mutating func consumePaste(_ byte: UInt8) {
    buffer.append(byte)
    if byte == 0x7e, buffer.suffix(Self.pasteEnd.count).elementsEqual(Self.pasteEnd) {
      buffer.removeLast(Self.pasteEnd.count)
      output.append(.event(.paste(String(decoding: buffer, as: UTF8.self))))
      reset()
    } else if buffer.count > Self.longestPaste {
      reset()
    }
  }
}

/// Assembles scalars from UTF-8 that arrives in any pieces; ill-formed bytes are dropped.
struct UTF8Accumulator: Sendable {
  private var bytes: [UInt8] = []
  private var expected = 0

  mutating func reset() {
    bytes.removeAll(keepingCapacity: true)
    expected = 0
  }

  mutating func feed(_ byte: UInt8) -> Unicode.Scalar? {
    switch byte {
    case 0x00...0x7f:
      reset()
      return Unicode.Scalar(byte)
    case 0x80...0xbf where expected > 0:
      bytes.append(byte)
    case 0xc2...0xdf: start(byte, count: 2)
    case 0xe0...0xef: start(byte, count: 3)
    case 0xf0...0xf4: start(byte, count: 4)
    default: reset()
    }
    guard expected > 0, bytes.count == expected else { return nil }
    defer { reset() }
    return String(validating: bytes, as: UTF8.self)?.unicodeScalars.first
  }

  private mutating func start(_ byte: UInt8, count: Int) {
    reset()
    bytes.append(byte)
    expected = count
  }
}
