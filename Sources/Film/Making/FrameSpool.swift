import CZlib
import Files
import Glibc
import Imaging

/// The frames of a part that is not finished, as they are: what an interruption does not undo.
///
/// Each frame has a checksum, since the end may be torn.
final class FrameSpool {
  private let path: String
  private let side: Int
  private let descriptor: Int32

  /// Opens the spool of a part behind its first `keeping` frames, or begins it.
  init(_ path: String, side: Int, keeping: Int) throws(FilmError) {
    self.path = path
    self.side = side
    descriptor = unsafe open(
      path, O_RDWR | O_CREAT | O_CLOEXEC | (keeping > 0 ? 0 : O_TRUNC), 0o666)
    guard descriptor >= 0 else {
      throw .file(FileError(path: path, operation: .create, code: errno))
    }
  }

  deinit { close(descriptor) }

  private var recordSize: Int { side * side * 3 + 4 }

  /// How many whole frames a spool has; none where there is no spool.
  static func count(_ path: String, side: Int, limit: Int) -> Int {
    guard FilmJoin.exists(path), let spool = try? FrameSpool(path, side: side, keeping: 1) else {
      return 0
    }
    var count = 0
    while count < limit, spool.next() != nil { count += 1 }
    return count
  }

  /// The frames there are, one after another; what comes behind them goes.
  func replay(_ count: Int, _ body: (PixelImage) throws(FilmError) -> Void) throws(FilmError) {
    lseek(descriptor, 0, SEEK_SET)
    for _ in 0..<count {
      guard let image = next() else {
        throw .damaged(path: path, problem: "it changed while it was read")
      }
      try body(image)
    }
    let end = off_t(count * recordSize)
    ftruncate(descriptor, end)
    lseek(descriptor, end, SEEK_SET)
  }

  private func next() -> PixelImage? {
    var got = 0
    let size = recordSize
    let record = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while got < size {
        let read = unsafe read(descriptor, buffer.baseAddress! + got, size - got)
        if read < 0, errno == EINTR { continue }
        guard read > 0 else { break }
        got += read
      }
      count = got
    }
    guard got == size, Array(record[..<4]) == checksum(record[4...]) else { return nil }
    return PixelImage(width: side, height: side, bytes: Array(record[4...]))
  }

  private func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let checksum = unsafe bytes.withUnsafeBufferPointer { bytes in
      unsafe mien_crc32(0, bytes.baseAddress, bytes.count)
    }
    return APNG.bytes(checksum)
  }

  func append(_ image: PixelImage) throws(FilmError) {
    try write(checksum(image.bytes[...]))
    try write(image.bytes)
  }

  private func write(_ bytes: [UInt8]) throws(FilmError) {
    var done = 0
    while done < bytes.count {
      let written = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done)
      }
      if written < 0 {
        if errno == EINTR { continue }
        throw .file(FileError(path: path, operation: .write, code: errno))
      }
      done += written
    }
  }

  /// The part is finished.
  func discard() { unsafe _ = unlink(path) }
}
