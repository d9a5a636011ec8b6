import Glibc

/// A file as read-only memory: opening costs nothing, pages are read when they are looked at.
///
/// Whoever replaces such a file must write a new one and rename it (as `AtomicFile` does):
/// shortening a mapped file in place ends the reader.
@safe
package final class MappedFile: @unchecked Sendable {
  package let path: String
  private let base: UnsafeRawBufferPointer

  /// - Throws: `FileError` where the path is missing, unreadable or not a regular file.
  package init(path: String) throws(FileError) {
    self.path = path
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, operation: .open, code: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw FileError(path: path, operation: .open, code: errno)
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw FileError(path: path, operation: .read, code: EISDIR)
    default: throw FileError(path: path, operation: .map, reason: "it is not a regular file")
    }
    guard status.st_size > 0 else {
      unsafe base = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let count = Int(status.st_size)
    guard let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0),
      unsafe address != MAP_FAILED
    else { throw FileError(path: path, operation: .map, code: errno) }
    unsafe base = UnsafeRawBufferPointer(start: address, count: count)
  }

  deinit {
    if let start = unsafe base.baseAddress {
      unsafe munmap(UnsafeMutableRawPointer(mutating: start), base.count)
    }
  }

  package var count: Int { unsafe base.count }

  /// The whole file; keeps the mapping alive.
  package var bytes: Bytes { unsafe Bytes(unsafe: base, owner: self) }

  /// Reads the file in place; the buffer must not leave `body`.
  package func withBytes<R, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> R
  ) throws(E) -> R {
    defer { extendLifetime(self) }
    return try unsafe body(base)
  }

  /// Lets go of pages that were read, so that a pass over a big file does not hold it in memory.
  package func releasePages() {
    if let start = unsafe base.baseAddress {
      unsafe _ = madvise(UnsafeMutableRawPointer(mutating: start), base.count, MADV_DONTNEED)
    }
  }
}
