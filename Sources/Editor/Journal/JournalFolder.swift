package import Files
package import Latents
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The journals on disk, one file for each session. A session holds a lock on its file, so that
/// another one running at the same time is not taken for one that crashed.
package final class JournalFolder: Sendable {
  private struct Contents {
    /// The open journal of this session.
    var descriptor: Int32 = -1
    /// Records held back until there is more than the first face: most sessions that do nothing
    /// leave no file behind.
    var heldBack: [JournalRecord] = []
    /// The journal brought back, to be removed once its steps are written into this one.
    var restored: String?
  }

  /// Journals kept; the oldest go first.
  private static let limit = 20

  private let folder: String
  private let path: String
  private let text: JournalText
  private let contents = Mutex(Contents())

  /// - Parameters:
  ///   - folder: need not exist; the first record makes it.
  ///   - name: of this session's file, later sessions sorting after earlier ones.
  package init(folder: String, name: String, model: ModelReference) {
    self.folder = folder
    path = folder + "/" + name + ".jsonl"
    text = JournalText(model: model)
  }

  deinit {
    contents.withLock { if $0.descriptor >= 0 { close($0.descriptor) } }
  }

  /// Appends records. The bytes are with the system when this returns: a crash of this program
  /// loses none. (Not forced to the disk, which would cost a picture's time at every step.)
  package func append(_ records: [JournalRecord]) throws(FileError) {
    try contents.withLock { contents throws(FileError) in
      let all = contents.heldBack + records
      if contents.descriptor < 0 {
        if all.count < 2 {
          contents.heldBack = all
          return
        }
        contents.descriptor = try open()
      }
      contents.heldBack = []
      try write(Array(all.map(text.line).joined().utf8), to: contents.descriptor)
      if let restored = contents.restored {
        unsafe unlink(restored)
        contents.restored = nil
      }
    }
  }

  /// Removes this session's journal.
  package func discard() {
    contents.withLock { contents in
      guard contents.descriptor >= 0 else { return }
      close(contents.descriptor)
      contents.descriptor = -1
      unsafe unlink(path)
    }
  }

  /// The newest session of this model that was left without saving, and that nobody has open.
  package func findSession() -> JournalReplay? { newest()?.replay }

  /// As `findSession`; its file goes when its steps have been written into this session's.
  package func restoreSession() -> JournalReplay? {
    guard let (path, replay) = newest() else { return nil }
    contents.withLock { $0.restored = path }
    return replay
  }

  private func newest() -> (path: String, replay: JournalReplay)? {
    var names = fileNames()
    while names.count > JournalFolder.limit {
      let oldest = folder + "/" + names.removeFirst()
      if read(oldest) != nil { unsafe unlink(oldest) }
    }
    for name in names.reversed() {
      let path = folder + "/" + name
      guard path != self.path, let bytes = read(path) else { continue }
      let replay = JournalReplay(text.records(bytes))
      if let history = replay.history, history.steps.count > 1 { return (path, replay) }
    }
    return nil
  }

  private func fileNames() -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(".jsonl") { names.append(name) }
    }
    return names.sorted()
  }

  /// The bytes of a journal that no running session holds.
  private func read(_ path: String) -> [UInt8]? {
    let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else { return nil }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return count == 0 ? bytes : nil }
      bytes += buffer[..<count]
    }
  }

  private func open() throws(FileError) -> Int32 {
    try StandardFolders.make(folder)
    let descriptor = unsafe Glibc.open(
      path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw FileError(path: path, operation: .write, code: errno)
    }
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    return descriptor
  }

  private func write(_ bytes: [UInt8], to descriptor: Int32) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw FileError(path: path, operation: .write, code: errno) }
      rest = rest.dropFirst(count)
    }
  }
}
