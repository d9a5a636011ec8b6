package struct PickleError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Reason: Hashable, Sendable {
    case unknownOpcode(UInt8)
    case protocolVersion(Int)
    case cut(what: String, needed: Int, available: Int)
    case negativeLength
    case noStop
    case stackEmpty(opcode: String)
    case noMark(opcode: String)
    case markLeft
    case notHashable(String)
    case memoMissing(Int)
    case notText(String)
    case notUTF8
    case badNumber(String)
    case frame(Int)
    /// A call of something outside the vocabulary.
    case forbiddenCall(String)
    case calledValue(String)
    case extensionCode
    case persistentID
    case outOfBand
    case misused(String)
    case oddItems
    case tooLarge(limit: Int)
  }
  package let reason: Reason
  /// Bytes from the start of the pickle.
  package let offset: Int
  /// The keys that lead to the value in progress, where a file was cut off.
  package let path: [String]

  init(reason: Reason, offset: Int, path: [String] = []) {
    self.reason = reason
    self.offset = offset
    self.path = path
  }

  package var description: String {
    let within = path.isEmpty ? "" : " within \(path.joined(separator: "."))"
    let place = "at byte \(offset)\(within)"
    return switch reason {
    case .unknownOpcode(let byte):
      "no valid pickle: unknown opcode 0x\(String(byte, radix: 16)) \(place)"
    case .protocolVersion(let version): "pickle protocol \(version) is unknown"
    case .cut(let what, let needed, let available):
      "the pickle is cut off or damaged: \(what) \(place) needs \(needed) bytes, \(available) are left"
    case .negativeLength: "no valid pickle: negative length \(place)"
    case .noStop: "the pickle is cut off: it ends \(place) without STOP"
    case .stackEmpty(let opcode): "no valid pickle: \(opcode) \(place) finds nothing on the stack"
    case .noMark(let opcode): "no valid pickle: \(opcode) \(place) finds no mark"
    case .markLeft: "no valid pickle: STOP \(place) leaves a mark instead of a value"
    case .notHashable(let kind): "no valid pickle: \(kind) as a dictionary key \(place)"
    case .memoMissing(let slot):
      "no valid pickle: memo slot \(slot) is read \(place) before it is set"
    case .notText(let opcode): "no valid pickle: \(opcode) \(place) needs texts"
    case .notUTF8: "no valid pickle: the text \(place) is not UTF-8"
    case .badNumber(let text): "no valid pickle: \"\(text)\" \(place) is no number"
    case .frame(let length):
      "the pickle is cut off or damaged: the frame \(place) claims \(length) bytes, more than are left"
    case .forbiddenCall(let name):
      "the pickle asks to call \(name) \(place); nothing in a checkpoint needs that, and nothing was run"
    case .calledValue(let kind): "the pickle asks to call \(kind) \(place); nothing was run"
    case .extensionCode: "the pickle uses the extension registry \(place), which is never loaded"
    case .persistentID:
      "the pickle refers to objects outside itself \(place), as only PyTorch archives may"
    case .outOfBand: "the pickle needs out-of-band buffers \(place), which a file cannot have"
    case .misused(let what): "no valid pickle: \(what) \(place)"
    case .oddItems: "no valid pickle: a key without a value \(place)"
    case .tooLarge(let limit): "the pickle holds more than \(limit) values; no checkpoint does"
    }
  }
}
