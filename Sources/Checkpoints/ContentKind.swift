package import Files

/// What a file looks like, by its content alone.
package enum ContentKind: Hashable, Sendable, CustomStringConvertible {
  case pickle
  /// A zip archive: torch ≥ 1.6, NumPy .npz, or something else.
  case zip
  case npy
  case safetensors
  case empty
  case html
  case gitLFSPointer
  case picture(String)
  case tar
  case gzip
  case hdf5
  case gguf
  case text
  case unknown

  package init(_ bytes: Bytes) {
    let head = bytes.slice(from: 0, count: min(bytes.count, 512))!.array
    func begins(_ prefix: [UInt8]) -> Bool { head.starts(with: prefix) }
    func begins(_ prefix: String) -> Bool { head.starts(with: prefix.utf8) }
    if head.isEmpty {
      self = .empty
    } else if begins("PK\u{3}\u{4}") || begins("PK\u{5}\u{6}") {
      self = .zip
    } else if begins([0x93] + Array("NUMPY".utf8)) {
      self = .npy
    } else if begins("version https://git-lfs") {
      self = .gitLFSPointer
    } else if begins([0x89] + Array("PNG".utf8)) {
      self = .picture("PNG")
    } else if begins([0xff, 0xd8, 0xff]) {
      self = .picture("JPEG")
    } else if begins("GIF8") {
      self = .picture("GIF")
    } else if begins([0x1f, 0x8b]) {
      self = .gzip
    } else if begins([0x89] + Array("HDF\r\n".utf8)) {
      self = .hdf5
    } else if begins("GGUF") {
      self = .gguf
    } else if head.count >= 262, head[257...].starts(with: "ustar".utf8) {
      self = .tar
    } else if Self.isSafetensors(head, count: bytes.count) {
      self = .safetensors
    } else if head[0] == 0x80, head.count > 1 {
      self = .pickle
    } else if Self.isHTML(head) {
      self = .html
    } else if Self.looksLikeOldPickle(head) {
      self = .pickle
    } else if head.allSatisfy({ $0 >= 0x20 || [9, 10, 12, 13].contains($0) }) {
      self = .text
    } else {
      self = .unknown
    }
  }

  /// A length of which the upper half is zero and then JSON; where only one of the two holds it is
  /// a damaged file of this kind. A length may begin with 0x80 as pickles do, but those go on with
  /// their protocol.
  private static func isSafetensors(_ head: [UInt8], count: Int) -> Bool {
    guard head.count > 8 else { return false }
    let length = head[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let isSmall = length < 1 << 32
    let isJSON = head[8] == UInt8(ascii: "{") || head[8] == UInt8(ascii: "[")
    if isJSON && isSmall { return true }
    if head[0] == 0x80, (1...5).contains(head[1]) { return false }
    return isJSON && head.prefix(8).contains(0) || length > 0 && length < count
  }

  private static func isHTML(_ head: [UInt8]) -> Bool {
    let text = String(decoding: head, as: UTF8.self).lowercased()
    let start = text.drop { $0.isWhitespace }
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
      || (start.hasPrefix("<") && text.contains("<html"))
  }

  /// Protocols 0 and 1 have no header; a global, a mark or an empty container begins them, and a
  /// text rarely has the second byte that must follow.
  private static func looksLikeOldPickle(_ head: [UInt8]) -> Bool {
    guard head.count > 1 else { return false }
    switch head[0] {
    case UInt8(ascii: "("):
      return [
        UInt8(ascii: "d"), UInt8(ascii: "l"), UInt8(ascii: "t"), UInt8(ascii: "i"),
        UInt8(ascii: "c"), UInt8(ascii: "("), UInt8(ascii: "X"), UInt8(ascii: "U"),
        UInt8(ascii: "S"), UInt8(ascii: "K"), UInt8(ascii: "I"),
      ].contains(head[1])
    case UInt8(ascii: "c"):
      // "cmodule\nname\n"
      let lines = head.dropFirst().split(separator: UInt8(ascii: "\n"), maxSplits: 2)
      return lines.count > 2
        && lines.prefix(2).allSatisfy { line in
          !line.isEmpty
            && line.allSatisfy { byte in
              byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                || Unicode.Scalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte)
            }
        }
    case UInt8(ascii: "}"), UInt8(ascii: "]"):
      return [UInt8(ascii: "q"), UInt8(ascii: "("), UInt8(ascii: ".")].contains(head[1])
    default: return false
    }
  }

  /// What to tell someone who wanted a checkpoint.
  package var description: String {
    switch self {
    case .pickle: "a Python pickle"
    case .zip: "a zip archive"
    case .npy: "a NumPy array"
    case .safetensors: "a safetensors file"
    case .empty: "the file is empty"
    case .html:
      "it is a web page, not a checkpoint: the download gave an HTML page instead of the file"
    case .gitLFSPointer:
      "it is a Git LFS pointer, not the file itself: fetch the content with git lfs pull"
    case .picture(let format): "it is a \(format) picture, not a checkpoint"
    case .tar:
      "it is a tar archive, as PyTorch before 0.1.10 wrote; only newer checkpoints are read"
    case .gzip: "it is gzip-compressed; unpack it first"
    case .hdf5: "it is an HDF5 file, which holds no StyleGAN checkpoint this program reads"
    case .gguf: "it is a GGUF language model, not a face generator"
    case .text: "it is a text file, not a checkpoint"
    case .unknown: "it is no checkpoint format this program knows"
    }
  }
}
