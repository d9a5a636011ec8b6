/// Finds in what a program writes to a terminal the pictures and the questions, as the terminal
/// would: for measurements, and fast enough to cost little beside what is measured.
package struct TerminalStream: Sendable {
  package enum Item: Hashable, Sendable {
    /// A sixel picture, from `ESC P` to `ESC \`.
    case picture([UInt8])
    /// One of `TerminalQuery`, as the bytes of its answer in a terminal with sixels and synchronised
    /// updates, cells of 8 x 16 pixels, and a black background.
    case question(answer: String)
  }

  private enum State {
    case text
    case escape
    case control
    case string(isPicture: Bool)
    case stringEscape(isPicture: Bool)
  }
  private var state = State.text
  private var sequence: [UInt8] = []
  private var picture: [UInt8] = []
  private let keepsPictures: Bool

  /// - Parameter keepsPictures: without, pictures come as empty arrays.
  package init(keepsPictures: Bool = true) { self.keepsPictures = keepsPictures }

  /// What is complete with these bytes, in order.
  package mutating func feed(_ bytes: some Collection<UInt8>) -> [Item] {
    var items: [Item] = []
    var rest = Array(bytes)[...]
    while let byte = rest.first {
      switch state {
      case .text:
        guard let escape = rest.firstIndex(of: 0x1b) else { return items }
        rest = rest[(escape + 1)...]
        state = .escape
        continue
      case .string(let isPicture):
        let end = rest.firstIndex { $0 == 0x1b || $0 == 0x07 } ?? rest.endIndex
        if !isPicture {
          sequence += rest[..<end].prefix(8)
        } else if keepsPictures {
          picture += rest[..<end]
        }
        rest = rest[end...]
        guard let byte = rest.popFirst() else { return items }
        // A bell ends the other strings, but means nothing in a picture.
        if byte == 0x1b {
          state = .stringEscape(isPicture: isPicture)
        } else if !isPicture {
          items += endOfString()
          state = .text
        }
        continue
      case .escape:
        switch byte {
        case UInt8(ascii: "["):
          sequence = []
          state = .control
        case UInt8(ascii: "P"):
          picture = keepsPictures ? [0x1b, 0x50] : []
          state = .string(isPicture: true)
        case UInt8(ascii: "]"), UInt8(ascii: "_"), UInt8(ascii: "^"):
          sequence = []
          state = .string(isPicture: false)
        default: state = .text
        }
      case .control:
        if (0x40...0x7e).contains(byte) {
          if let answer = Self.answer(sequence, byte) { items.append(.question(answer: answer)) }
          state = .text
        } else {
          sequence.append(byte)
        }
      case .stringEscape(let isPicture):
        if byte == UInt8(ascii: "\\"), isPicture {
          items.append(.picture(keepsPictures ? picture + [0x1b, 0x5c] : []))
          picture = []
        } else if byte == UInt8(ascii: "\\") {
          items += endOfString()
        }
        state = .text
      }
      rest.removeFirst()
    }
    return items
  }

  private func endOfString() -> [Item] {
    sequence.starts(with: "11;?".utf8)
      ? [.question(answer: "\u{1b}]11;rgb:0000/0000/0000\u{1b}\\")] : []
  }

  private static func answer(_ parameters: [UInt8], _ final: UInt8) -> String? {
    switch String(decoding: parameters + [final], as: UTF8.self) {
    case "5n": "\u{1b}[0n"
    case "c": "\u{1b}[?62;4;22c"
    case "16t": "\u{1b}[6;16;8t"
    case "?2026$p": "\u{1b}[?2026;2$y"
    default: nil
    }
  }
}
