import CZlib
package import Files

/// Named NumPy arrays in a zip archive, as `numpy.savez` and `savez_compressed` write them.
package struct NPZArchive: Sendable {
  /// Where the archive came from, for errors.
  package let source: String
  package let names: [String]
  private let zip: ZipArchive

  package init(_ bytes: Bytes, source: String) throws(CheckpointError) {
    do {
      zip = try ZipArchive(bytes)
    } catch { throw CheckpointError(source, .zip(error)) }
    self.source = source
    names = zip.entries.compactMap {
      $0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : nil
    }
  }

  package static func load(path: String) throws(CheckpointError) -> NPZArchive {
    try NPZArchive(try CheckpointError.map(path).bytes, source: path)
  }

  /// The array of this name (without ".npy").
  /// - Throws: where it is missing, damaged, or not an array of numbers.
  package func array(_ name: String) throws(CheckpointError) -> NPYArray {
    let entry = try entry(name)
    let header = try header(name)
    let content: Bytes
    do {
      content = try zip.content(of: entry, expecting: header.total)
    } catch { throw CheckpointError(source, .zip(error)) }
    do {
      return try NPYArray(content)
    } catch { throw CheckpointError(source, .npy(error), name: name) }
  }

  /// Element type and shape, from the beginning of the member alone.
  package func describe(_ name: String) throws(CheckpointError) -> (ElementType, shape: [Int]) {
    let header = try header(name).header
    return (header.type, header.shape)
  }

  private func entry(_ name: String) throws(CheckpointError) -> ZipArchive.Entry {
    guard let entry = zip[name + ".npy"] else {
      throw CheckpointError(source, .missing(name))
    }
    return entry
  }

  /// The header, and how many bytes header and data must have together.
  private func header(
    _ name: String
  ) throws(CheckpointError) -> (header: NPYHeader, total: Int) {
    let beginning: Bytes
    do {
      beginning = try zip.beginning(of: try entry(name), count: NPYHeader.longest + 12)
    } catch let error as ZipError {
      throw CheckpointError(source, .zip(error))
    } catch let error as CheckpointError {
      throw error
    } catch { preconditionFailure("no other error is thrown here") }
    do {
      let (header, dataOffset) = try NPYHeader.parse(beginning)
      let (total, overflow) = try NPYArray.byteCount(header).addingReportingOverflow(dataOffset)
      guard !overflow else { throw NPYError.shape(.tooManyElements(shape: header.shape)) }
      return (header, total)
    } catch let error as NPYError {
      throw CheckpointError(source, .npy(error), name: name)
    } catch { preconditionFailure("no other error is thrown here") }
  }

  // MARK: Writing

  /// Writes arrays as `numpy.savez` does: stored, not deflated; complete or not at all.
  /// - Precondition: no name appears twice; fewer than 65535 arrays.
  package static func save(
    _ arrays: [(name: String, array: NPYArray)], to path: String
  ) throws(FileError) {
    precondition(Set(arrays.map(\.name)).count == arrays.count, "a name appears twice")
    precondition(arrays.count < 0xffff, "too many arrays")
    let file = try AtomicFile(replacing: path)
    var directory: [UInt8] = []
    var offset = 0
    for (name, array) in arrays {
      let (header, data) = array.encodedParts
      var checksum = unsafe mien_crc32(0, header, header.count)
      unsafe data.withUnsafeBytes {
        unsafe checksum = mien_crc32(
          checksum, $0.bindMemory(to: UInt8.self).baseAddress, data.isEmpty ? 0 : $0.count)
      }
      let member = ZipMember(
        name: name + ".npy", crc32: checksum, size: header.count + data.count,
        offset: offset)
      let local = member.localHeader
      try file.append(local)
      try file.append(header)
      try unsafe data.withUnsafeBytes { bytes throws(FileError) in
        try unsafe file.append(bytes)
      }
      directory += member.directoryEntry
      offset += local.count + member.size
    }
    try file.append(directory)
    try file.append(ZipMember.endRecord(count: arrays.count, size: directory.count, offset: offset))
    try file.commit()
  }
}

/// A stored zip member being written; sizes and offsets are always given in 64 bits too, as
/// NumPy itself does, so that large archives need no other path.
private struct ZipMember {
  let name: String
  let crc32: UInt32
  let size: Int
  let offset: Int

  var localHeader: [UInt8] {
    little(0x0403_4b50, 4) + little(45, 2) + common(zip64: little(size, 8) + little(size, 8))
      + Array(name.utf8) + extra(little(size, 8) + little(size, 8))
  }

  var directoryEntry: [UInt8] {
    let wide = little(size, 8) + little(size, 8) + little(offset, 8)
    return little(0x0201_4b50, 4) + little(45, 2) + little(45, 2) + common(zip64: wide)
      + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(0xffff_ffff, 4)
      + Array(name.utf8) + extra(wide)
  }

  /// Flags (UTF-8 names), method 0, the earliest date there is, checksum, sizes, lengths.
  private func common(zip64: [UInt8]) -> [UInt8] {
    little(0x0800, 2) + little(0, 2) + little(0, 2) + little(0x21, 2) + little(Int(crc32), 4)
      + little(0xffff_ffff, 4) + little(0xffff_ffff, 4) + little(name.utf8.count, 2)
      + little(zip64.count + 4, 2)
  }

  private func extra(_ zip64: [UInt8]) -> [UInt8] { little(1, 2) + little(zip64.count, 2) + zip64 }

  static func endRecord(count: Int, size: Int, offset: Int) -> [UInt8] {
    var end: [UInt8] = []
    if offset + size >= 0xffff_ffff {
      end += little(0x0606_4b50, 4) + little(44, 8) + little(45, 2) + little(45, 2)
      end += little(0, 4) + little(0, 4) + little(count, 8) + little(count, 8)
      end += little(size, 8) + little(offset, 8)
      end += little(0x0706_4b50, 4) + little(0, 4) + little(offset + size, 8) + little(1, 4)
    }
    return end + little(0x0605_4b50, 4) + little(0, 4) + little(count, 2) + little(count, 2)
      + little(min(size, 0xffff_ffff), 4) + little(min(offset, 0xffff_ffff), 4) + little(0, 2)
  }
}

private func little(_ value: Int, _ bytes: Int) -> [UInt8] {
  (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}
