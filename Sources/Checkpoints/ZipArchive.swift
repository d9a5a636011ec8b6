import CZlib
package import Files

package enum ZipError: Error, Hashable, Sendable, CustomStringConvertible {
  case noEndRecord
  case directoryOutside(offset: Int, size: Int, file: Int)
  case entryCount(claimed: Int)
  case badEntry(offset: Int)
  case duplicate(String)
  case encrypted(String)
  case headerOutside(String, offset: Int)
  case dataOutside(String, size: Int)
  case method(String, Int)
  case size(String, found: Int, expected: Int)
  case tooLarge(String, Int)
  case damaged(String)
  case checksum(String, found: UInt32, expected: UInt32)

  package var description: String {
    switch self {
    case .noEndRecord: "the zip archive has no end record: it is cut off"
    case .directoryOutside(let offset, let size, let file):
      "the zip directory (\(size) bytes at \(offset)) lies beyond the file's \(file) bytes"
    case .entryCount(let claimed):
      "the zip directory does not hold the \(claimed) entries it claims"
    case .badEntry(let offset): "the zip directory is damaged at byte \(offset)"
    case .duplicate(let name): "the zip archive holds \"\(name)\" twice"
    case .encrypted(let name): "\"\(name)\" in the zip archive is encrypted"
    case .headerOutside(let name, let offset):
      "\"\(name)\" in the zip archive has no header at byte \(offset)"
    case .dataOutside(let name, let size):
      "\"\(name)\" in the zip archive claims \(size) bytes, more than the file has"
    case .method(let name, let method):
      "\"\(name)\" in the zip archive uses compression method \(method); only stored and deflated members are read"
    case .size(let name, let found, let expected):
      "\"\(name)\" in the zip archive has \(found) bytes, expected \(expected)"
    case .tooLarge(let name, let size):
      "\"\(name)\" in the zip archive claims \(size) bytes, more than this reader inflates"
    case .damaged(let name): "\"\(name)\" in the zip archive cannot be inflated: it is damaged"
    case .checksum(let name, let found, let expected):
      "\"\(name)\" in the zip archive is damaged: CRC-32 \(String(found, radix: 16)), expected \(String(expected, radix: 16))"
    }
  }
}

/// A zip archive, read by its central directory (PKWARE APPNOTE 6.3, §4.3); nothing is unpacked
/// to disk, names are only names.
package struct ZipArchive: Sendable {
  package struct Entry: Hashable, Sendable {
    package let name: String
    /// Size of the content, uncompressed.
    package let size: Int
    let storedSize: Int
    let method: Int
    let crc32: UInt32
    let headerOffset: Int
  }

  package let entries: [Entry]
  private let bytes: Bytes
  private let index: [String: Int]

  /// Inflated members may not be larger than this.
  private static let largestInflated = 1 << 30

  package init(_ bytes: Bytes) throws(ZipError) {
    self.bytes = bytes
    let directory = try Self.findDirectory(in: bytes)
    var entries: [Entry] = []
    var index: [String: Int] = [:]
    var at = 0
    while at < directory.bytes.count {
      guard let (entry, length) = try Self.entry(at: at, in: directory.bytes) else {
        throw .badEntry(offset: directory.offset + at)
      }
      guard index.updateValue(entries.count, forKey: entry.name) == nil else {
        throw .duplicate(entry.name)
      }
      entries.append(entry)
      at += length
    }
    guard entries.count == directory.count else { throw .entryCount(claimed: directory.count) }
    self.entries = entries
    self.index = index
  }

  package subscript(name: String) -> Entry? { index[name].map { entries[$0] } }

  private static func findDirectory(
    in bytes: Bytes
  ) throws(ZipError) -> (bytes: Bytes, offset: Int, count: Int) {
    // The end record is 22 bytes and a comment of up to 65535; look for it from the back.
    var end = bytes.count - 22
    let first = max(0, end - 0xffff)
    while end >= first {
      if bytes.integer(at: end, as: UInt32.self) == 0x0605_4b50,
        let comment = bytes.integer(at: end + 20, as: UInt16.self),
        end + 22 + Int(comment) == bytes.count
      {
        break
      }
      end -= 1
    }
    guard end >= first,
      let count16 = bytes.integer(at: end + 10, as: UInt16.self),
      let size32 = bytes.integer(at: end + 12, as: UInt32.self),
      let offset32 = bytes.integer(at: end + 16, as: UInt32.self)
    else { throw .noEndRecord }
    var (count, size, offset) = (Int(count16), Int(size32), Int(offset32))
    if count16 == 0xffff || size32 == 0xffff_ffff || offset32 == 0xffff_ffff {
      // Zip64: a locator right before the end record says where the 64-bit one is.
      if bytes.integer(at: end - 20, as: UInt32.self) == 0x0706_4b50,
        let place = bytes.integer(at: end - 12, as: Int.self),
        bytes.integer(at: place, as: UInt32.self) == 0x0606_4b50,
        let count64 = bytes.integer(at: place &+ 32, as: Int.self),
        let size64 = bytes.integer(at: place &+ 40, as: Int.self),
        let offset64 = bytes.integer(at: place &+ 48, as: Int.self)
      {
        (count, size, offset) = (count64, size64, offset64)
      }
    }
    guard let directory = bytes.slice(from: offset, count: size) else {
      throw .directoryOutside(offset: offset, size: size, file: bytes.count)
    }
    return (directory, offset, count)
  }

  /// The central directory entry at `at` and its length; nil where it is malformed.
  private static func entry(at: Int, in directory: Bytes) throws(ZipError) -> (Entry, Int)? {
    func u16(_ offset: Int) -> Int? {
      directory.integer(at: at + offset, as: UInt16.self).map(Int.init)
    }
    func u32(_ offset: Int) -> Int? {
      directory.integer(at: at + offset, as: UInt32.self).map(Int.init)
    }
    guard u32(0) == 0x0201_4b50, let flags = u16(8), let method = u16(10), let crc = u32(16),
      var stored = u32(20), var size = u32(24), let nameLength = u16(28), let extraLength = u16(30),
      let commentLength = u16(32), var header = u32(42),
      let nameBytes = directory.slice(from: at + 46, count: nameLength),
      let extra = directory.slice(from: at + 46 + nameLength, count: extraLength),
      at + 46 + nameLength + extraLength + commentLength <= directory.count
    else { return nil }
    let name = text(nameBytes)
    guard flags & 0x2041 == 0 else { throw .encrypted(name) }
    // Zip64 extra field: 64-bit values for those fields that are all ones, in this order.
    var field = 0
    while let id = extra.integer(at: field, as: UInt16.self),
      let length = extra.integer(at: field + 2, as: UInt16.self)
    {
      if id == 1 {
        var value = field + 4
        let end = value + Int(length)
        func widen(_ number: inout Int) -> Bool {
          guard number == 0xffff_ffff else { return true }
          guard value + 8 <= end, let wide = extra.integer(at: value, as: Int.self), wide >= 0
          else { return false }
          number = wide
          value += 8
          return true
        }
        guard widen(&size), widen(&stored), widen(&header) else { return nil }
      }
      field += 4 + Int(length)
    }
    let entry = Entry(
      name: name, size: size, storedSize: stored, method: method, crc32: UInt32(crc),
      headerOffset: header)
    return (entry, 46 + nameLength + extraLength + commentLength)
  }

  private static func text(_ bytes: Bytes) -> String {
    String(validating: bytes.array, as: UTF8.self)
      ?? String(String.UnicodeScalarView(bytes.array.map { Unicode.Scalar($0) }))
  }

  /// The stored form of an entry: sizes from the directory, the place from the local header.
  private func payload(of entry: Entry) throws(ZipError) -> Bytes {
    let header = entry.headerOffset
    guard bytes.integer(at: header, as: UInt32.self) == 0x0403_4b50,
      let name = bytes.integer(at: header + 26, as: UInt16.self),
      let extra = bytes.integer(at: header + 28, as: UInt16.self)
    else { throw .headerOutside(entry.name, offset: header) }
    guard
      let payload = bytes.slice(
        from: header + 30 + Int(name) + Int(extra), count: entry.storedSize)
    else { throw .dataOutside(entry.name, size: entry.storedSize) }
    if entry.method == 0, entry.storedSize != entry.size {
      throw .size(entry.name, found: entry.storedSize, expected: entry.size)
    }
    return payload
  }

  /// The whole content, its checksum verified; without a copy where it is stored uncompressed.
  /// - Parameter expected: refuse any other size before anything is inflated.
  package func content(of entry: Entry, expecting expected: Int? = nil) throws(ZipError) -> Bytes {
    let payload = try payload(of: entry)
    if let expected, entry.size != expected {
      throw .size(entry.name, found: entry.size, expected: expected)
    }
    let content: Bytes
    switch entry.method {
    case 0: content = payload
    case 8:
      guard entry.size <= Self.largestInflated else { throw .tooLarge(entry.name, entry.size) }
      content = try inflate(payload, of: entry, count: entry.size, toTheEnd: true)
    default: throw .method(entry.name, entry.method)
    }
    let found = unsafe content.withUnsafeBytes {
      unsafe mien_crc32(0, $0.bindMemory(to: UInt8.self).baseAddress, $0.count)
    }
    guard found == entry.crc32 else {
      throw .checksum(entry.name, found: found, expected: entry.crc32)
    }
    return content
  }

  /// The first `count` bytes of the content, or fewer where it is shorter; not verified.
  package func beginning(of entry: Entry, count: Int) throws(ZipError) -> Bytes {
    let payload = try payload(of: entry)
    let count = min(count, entry.size)
    switch entry.method {
    case 0: return payload.slice(from: 0, count: count)!
    case 8: return try inflate(payload, of: entry, count: count, toTheEnd: false)
    default: throw .method(entry.name, entry.method)
    }
  }

  /// Inflates exactly `count` bytes; `toTheEnd`: the deflated data must end there.
  private func inflate(
    _ payload: Bytes, of entry: Entry, count: Int, toTheEnd: Bool
  ) throws(ZipError) -> Bytes {
    // A deflated byte gives at most 1032: refuse impossible claims before allocating for them.
    guard count / 1032 <= payload.count else {
      throw .size(entry.name, found: payload.count * 1032, expected: count)
    }
    return unsafe try Bytes(count: count) { destination throws(ZipError) in
      let status = unsafe payload.withUnsafeBytes { source in
        unsafe mien_inflate(
          source.bindMemory(to: UInt8.self).baseAddress, source.count,
          destination.bindMemory(to: UInt8.self).baseAddress, count, toTheEnd ? 1 : 0)
      }
      guard status == 0 else { throw .damaged(entry.name) }
    }
  }
}
