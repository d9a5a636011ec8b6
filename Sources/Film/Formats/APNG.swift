import CZlib
import Imaging

/// Animated PNG (PNG specification, third edition, §11.3.6): the frames of separate PNG files as
/// chunks of one.
package enum APNG {
  /// A chunk of a PNG file.
  struct Chunk {
    let type: [UInt8]
    let data: ArraySlice<UInt8>
  }

  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// The chunks of a PNG file; nil where it is not whole. Checksums are not looked at.
  static func chunks(of file: [UInt8]) -> [Chunk]? {
    guard file.starts(with: signature) else { return nil }
    var chunks: [Chunk] = []
    var at = signature.count
    while at + 12 <= file.count {
      let count = file[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard count >= 0, at + 12 + count <= file.count else { return nil }
      chunks.append(
        Chunk(type: Array(file[at + 4..<at + 8]), data: file[at + 8..<at + 8 + count]))
      at += 12 + count
    }
    return at == file.count ? chunks : nil
  }

  /// A chunk with its length and checksum.
  static func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(type.utf8) + data
    let checksum = unsafe body.withUnsafeBufferPointer { body in
      unsafe mien_crc32(0, body.baseAddress, body.count)
    }
    return bytes(UInt32(data.count)) + body + bytes(checksum)
  }

  static func bytes(_ value: UInt32) -> [UInt8] {
    [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
  }

  static func bytes(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }

  /// What the frames of one file have in common, and how far its numbers have come.
  struct Assembly {
    private var sequence: UInt32 = 0
    private let side: UInt32
    private let delay: [UInt8]

    /// - Parameter secondsPerFrame: as a fraction of two 16-bit numbers.
    init(side: Int, secondsPerFrame: (UInt16, UInt16)) {
      self.side = UInt32(side)
      delay = APNG.bytes(secondsPerFrame.0) + APNG.bytes(secondsPerFrame.1)
    }

    /// Signature, header, how many frames (repeated for ever), and texts.
    /// - Parameter first: the PNG file of the first frame.
    func start(frames: Int, first: [UInt8], text: [(keyword: String, value: String)]) -> [UInt8]? {
      guard let header = chunks(of: first)?.first, header.type == Array("IHDR".utf8) else {
        return nil
      }
      var file = signature + chunk("IHDR", Array(header.data))
      file += chunk("acTL", bytes(UInt32(frames)) + bytes(UInt32(0)))
      for (keyword, value) in text {
        // UTF-8, not compressed, no language.
        file += chunk("iTXt", Array(keyword.utf8) + [0, 0, 0, 0, 0] + Array(value.utf8))
      }
      return file
    }

    /// The chunks of one frame; nil where the PNG is not whole.
    mutating func frame(_ png: [UInt8]) -> [UInt8]? {
      guard let chunks = chunks(of: png) else { return nil }
      let isFirst = sequence == 0
      var file = chunk(
        "fcTL", bytes(next()) + bytes(side) + bytes(side) + bytes(UInt32(0)) + bytes(UInt32(0))
          + delay + [0, 0])
      for part in chunks where part.type == Array("IDAT".utf8) {
        file +=
          isFirst
          ? chunk("IDAT", Array(part.data)) : chunk("fdAT", bytes(next()) + Array(part.data))
      }
      return file
    }

    static let end = chunk("IEND", [])

    private mutating func next() -> UInt32 {
      defer { sequence += 1 }
      return sequence
    }
  }
}
