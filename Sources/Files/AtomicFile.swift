import Glibc

/// A file that appears complete or not at all: written beside its place, flushed, then renamed.
///
/// Dropped before `commit`, it leaves nothing behind. Where the path names something that is not
/// a file (a pipe, `/dev/stdout`), bytes go straight there.
package struct AtomicFile: ~Copyable {
  package let path: String
  private let temporaryPath: String?
  private let descriptor: Int32

  /// Starts a file that will stand at `path`. A symbolic link stays, the file it names is replaced.
  package init(replacing path: String) throws(FileError) {
    let opened = try Self.open(for: path)
    self.path = path
    descriptor = opened.descriptor
    temporaryPath = opened.temporaryPath
  }

  private static func open(
    for path: String
  ) throws(FileError) -> (descriptor: Int32, temporaryPath: String?) {
    var status = stat()
    let exists = unsafe stat(path, &status) == 0
    if exists {
      let kind = status.st_mode & S_IFMT
      if kind == S_IFDIR { throw FileError(path: path, operation: .create, code: EISDIR) }
      if kind != S_IFREG {
        let direct = unsafe Glibc.open(path, O_WRONLY | O_CLOEXEC)
        guard direct >= 0 else { throw FileError(path: path, operation: .open, code: errno) }
        return (direct, nil)
      }
    }
    let place = exists ? resolved(path) : path
    var template = Array((place + ".part-XXXXXX").utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer {
      unsafe mkstemp($0.baseAddress!)
    }
    guard descriptor >= 0 else { throw FileError(path: path, operation: .create, code: errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    // mkstemp makes files private; keep the mode of a replaced file, else what the mask allows.
    let mask = umask(0)
    umask(mask)
    _ = fchmod(descriptor, exists ? status.st_mode & 0o7777 : 0o666 & ~mask)
    let name = template.dropLast().map(UInt8.init(bitPattern:))
    return (descriptor, String(decoding: name, as: UTF8.self))
  }

  deinit {
    close(descriptor)
    if let temporaryPath { unsafe _ = unlink(temporaryPath) }
  }

  package func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var done = 0
    while done < bytes.count {
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
      let written = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      if written < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, operation: .write, code: errno)
      }
      done += written
    }
  }

  package func append(_ bytes: [UInt8]) throws(FileError) {
    try unsafe bytes.span.bytes.withUnsafeBytes { buffer throws(FileError) in
      try unsafe append(buffer)
    }
  }

  /// Puts the finished file in its place.
  package consuming func commit() throws(FileError) {
    guard let temporaryPath else { return }
    guard fsync(descriptor) == 0 else {
      throw FileError(path: path, operation: .flush, code: errno)
    }
    // After the rename the temporary name is gone, so that the unlink at the end finds nothing.
    let place = Self.resolved(path)
    guard unsafe rename(temporaryPath, place) == 0 else {
      throw FileError(path: path, operation: .rename, code: errno)
    }
    Self.flushFolder(of: place)
  }

  package static func write(_ bytes: UnsafeRawBufferPointer, to path: String) throws(FileError) {
    let file = try AtomicFile(replacing: path)
    try unsafe file.append(bytes)
    try file.commit()
  }

  package static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
    let file = try AtomicFile(replacing: path)
    try file.append(bytes)
    try file.commit()
  }

  /// The path without symbolic links, or as it is where nothing stands there yet.
  private static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  /// Makes the rename itself survive a power cut; a file system that cannot is no reason to fail.
  private static func flushFolder(of path: String) {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
    let descriptor = unsafe Glibc.open(folder ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = fsync(descriptor)
    close(descriptor)
  }
}
