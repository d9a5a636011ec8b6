import Checkpoints
import Files

/// Whether a model file is still what it was when it was written.
package struct ModelVerification: Sendable {
  /// Whether the file carries a hash of its tensors; imported models do.
  package let hasRecordedHash: Bool
  package let tensorCount: Int
  package let byteCount: Int

  /// Reads every byte of the file.
  /// - Throws: `ModelError`: a hash that differs, a tensor with NaN or infinity, …
  /// - Returns: nil where it was cancelled.
  package init?(path: String, isCancelled: () -> Bool = { false }) throws(ModelError) {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch { throw ModelError(path, .file(error)) }
    let found = try ModelFile.find(file.bytes, source: path)
    byteCount = file.count
    hasRecordedHash = found.header?.dataSHA256 != nil
    if let recorded = found.header?.dataSHA256, let start = found.file?.dataOffset {
      var hash = SHA256()
      let step = 4 << 20
      for begin in stride(from: start, to: file.count, by: step) {
        if isCancelled() { return nil }
        unsafe file.withBytes {
          unsafe hash.update(
            UnsafeRawBufferPointer(rebasing: $0[begin..<min(begin + step, $0.count)]))
        }
        file.releasePages()
      }
      let now = SHA256.hex(digest: hash.digest())
      guard now == recorded else {
        throw ModelError(path, .changed(recorded: recorded, found: now))
      }
    }
    let contents = try ModelFile.read(file.bytes, source: path)
    let names = contents.network.tensors.keys.sorted()
    for name in names {
      if isCancelled() { return nil }
      if contents.network.tensors[name]?.type.isFloat == true {
        _ = try contents.network.tensor(name)
      }
    }
    file.releasePages()
    tensorCount = names.count
  }
}
