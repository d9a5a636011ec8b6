import CBytes

/// SHA-256 (FIPS 180-4), to name models by their content.
package struct SHA256 {
  private var state = mien_sha256()

  package init() { unsafe mien_sha256_start(&state) }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe mien_sha256_update(&state, bytes.baseAddress, bytes.count)
  }

  /// The 32 bytes of the digest of everything so far.
  package func digest() -> [UInt8] {
    var last = state
    return unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
      unsafe mien_sha256_finish(&last, buffer.baseAddress)
      count = 32
    }
  }

  /// 64 hexadecimal digits.
  package static func hex(of bytes: UnsafeRawBufferPointer) -> String {
    var hash = SHA256()
    unsafe hash.update(bytes)
    return hex(digest: hash.digest())
  }

  package static func hex(of bytes: [UInt8]) -> String {
    unsafe bytes.withUnsafeBytes { unsafe hex(of: $0) }
  }

  package static func hex(of bytes: Bytes) -> String {
    unsafe bytes.withUnsafeBytes { unsafe hex(of: $0) }
  }

  /// The hash of a whole file, holding little of it in memory at a time.
  package static func hex(of file: MappedFile) -> String {
    var hash = SHA256()
    let step = 16 << 20
    for start in stride(from: 0, to: file.count, by: step) {
      unsafe file.withBytes {
        unsafe hash.update(
          UnsafeRawBufferPointer(rebasing: $0[start..<min(start + step, $0.count)]))
      }
      if file.count > step { file.releasePages() }
    }
    return hex(digest: hash.digest())
  }

  /// A digest as 64 hexadecimal digits.
  package static func hex(digest: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(
      decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}
