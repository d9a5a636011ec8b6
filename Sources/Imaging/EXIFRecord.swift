import Files

/// Where the formats keep a camera's EXIF record.
enum EXIFRecord {
  /// The record in a whole file, nil where there is none; never fails.
  static func find(in bytes: Bytes, of kind: PictureKind) -> Bytes? {
    switch kind {
    case .jpeg: inJPEG(bytes)
    case .png: inPNG(bytes)
    case .webp: inWebP(bytes)
    case .ppm, .other: nil
    }
  }

  private static func big(_ bytes: Bytes, _ offset: Int, _ count: Int) -> Int? {
    bytes.slice(from: offset, count: count)?.array.reduce(0) { $0 << 8 | Int($1) }
  }

  /// The first APP1 segment that says Exif, before the scans.
  private static func inJPEG(_ bytes: Bytes) -> Bytes? {
    var at = 2
    while let marker = big(bytes, at, 2), marker >> 8 == 0xff {
      // 0xff may be repeated before a marker; standalone markers have no length.
      if marker == 0xffff {
        at += 1
        continue
      }
      guard marker != 0xffda, marker != 0xffd9, let length = big(bytes, at + 2, 2), length >= 2
      else { return nil }
      if marker == 0xffe1, let body = bytes.slice(from: at + 4, count: length - 2),
        body.slice(from: 0, count: 6)?.array == Array("Exif\0\0".utf8)
      {
        return body
      }
      at += 2 + length
    }
    return nil
  }

  private static func inPNG(_ bytes: Bytes) -> Bytes? {
    var at = 8
    while let length = big(bytes, at, 4), let kind = bytes.slice(from: at + 4, count: 4)?.array {
      if kind == Array("eXIf".utf8) { return bytes.slice(from: at + 8, count: length) }
      at += 12 + length
    }
    return nil
  }

  private static func inWebP(_ bytes: Bytes) -> Bytes? {
    var at = 12
    while let kind = bytes.slice(from: at, count: 4)?.array,
      let length = bytes.integer(at: at + 4, as: UInt32.self).map(Int.init)
    {
      if kind == Array("EXIF".utf8) { return bytes.slice(from: at + 8, count: length) }
      at += 8 + length + length % 2
    }
    return nil
  }
}
