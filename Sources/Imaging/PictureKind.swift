package import Files

/// What a file is, by its first bytes.
package enum PictureKind: Hashable, Sendable {
  case jpeg, png, webp, ppm
  /// Something else, in words: `a GIF picture`.
  case other(String)

  package init(_ bytes: Bytes) {
    let head = bytes.slice(from: 0, count: min(bytes.count, 512))?.array ?? []
    func begins(_ mark: [UInt8], at offset: Int = 0) -> Bool {
      head.count >= offset + mark.count && Array(head[offset..<offset + mark.count]) == mark
    }
    func begins(_ mark: String, at offset: Int = 0) -> Bool { begins(Array(mark.utf8), at: offset) }
    if begins([0xff, 0xd8, 0xff]) {
      self = .jpeg
    } else if begins([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) {
      self = .png
    } else if begins("RIFF"), begins("WEBP", at: 8) {
      self = .webp
    } else if begins("P6") || begins("P5") {
      self = .ppm
    } else {
      self = .other(Self.name(head, begins: { begins($0, at: $1) }, marked: { begins($0, at: 0) }))
    }
  }

  private static func name(
    _ head: [UInt8], begins: (String, Int) -> Bool, marked: ([UInt8]) -> Bool
  ) -> String {
    if head.isEmpty { return "an empty file" }
    if begins("GIF8", 0) { return "a GIF picture" }
    if begins("BM", 0) { return "a BMP picture" }
    if marked([0x49, 0x49, 0x2a, 0]) || marked([0x4d, 0x4d, 0, 0x2a]) {
      return "a TIFF or raw camera picture"
    }
    if begins("ftyp", 4) {
      if begins("avif", 8) || begins("avis", 8) { return "an AVIF picture" }
      if ["heic", "heix", "hevc", "mif1", "msf1"].contains(where: { begins($0, 8) }) {
        return "a HEIC picture"
      }
      return "a video"
    }
    if marked([0xff, 0x0a]) || begins("JXL ", 4) { return "a JPEG XL picture" }
    if begins("jP  ", 4) { return "a JPEG 2000 picture" }
    if begins("%PDF", 0) { return "a PDF document" }
    if begins("8BPS", 0) { return "a Photoshop document" }
    if marked([0x1a, 0x45, 0xdf, 0xa3]) { return "a video" }
    if begins("PK", 0) { return "a zip archive" }
    let words = String(decoding: head.prefix(512), as: UTF8.self)
    if words.contains("<svg") { return "an SVG drawing" }
    if words.lowercased().contains("<html") { return "a web page" }
    if head.allSatisfy({ (0x20..<0x7f).contains($0) || [9, 10, 13].contains($0) }) { return "a text" }
    let hex = head.prefix(4).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }
    return "no picture known here (it begins with \(hex.joined(separator: " ")))"
  }
}
