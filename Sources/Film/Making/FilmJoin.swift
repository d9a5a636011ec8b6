import Files
import FoundationEssentials
import Glibc
import Latents

/// Makes the film of its parts.
package struct FilmJoin {
  package let record: FilmRecord
  /// Where the parts are; the first is where it is joined.
  package let folders: [String]
  private var folder: String { folders[0] }

  /// The folder of the parts of a film that will be at `output`.
  package static func folder(of output: String) -> String { output + ".parts" }

  /// - Precondition: at least one folder.
  package init(_ record: FilmRecord, in folders: [String]) {
    precondition(!folders.isEmpty, "parts are in some folder")
    self.record = record
    self.folders = folders
  }

  private func path(_ name: String) -> String { folder + "/" + name }

  /// Where a part is, in whichever folder; nil where it is missing.
  private func find(_ name: String) -> String? {
    folders.lazy.map { $0 + "/" + name }.first(where: FilmJoin.exists)
  }

  static func exists(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

  package func requireAllParts() throws(FilmError) {
    let missing = record.parts.filter { find($0.name) == nil }
    guard let first = missing.first else { return }
    throw .missingParts(
      folder: folder, missing: missing.count, of: record.parts.count, first: first.name)
  }

  package var hasAllParts: Bool {
    record.parts.allSatisfy { find($0.name) != nil }
  }

  /// Writes the film; the parts stay.
  package func write(to output: String, ffmpeg: FFmpeg?) throws(FilmError) {
    try requireAllParts()
    switch record.format {
    case .mp4, .webm:
      guard let ffmpeg else { throw .noProgram(record.format) }
      try joinByProgram(ffmpeg, to: output)
    case .gif, .apng, .y4m, .frames:
      do {
        let file = try AtomicFile(replacing: output)
        try join(into: file)
        try file.commit()
      } catch let error as FileError {
        throw .file(error)
      } catch let error as FilmError {
        throw error
      } catch {
        preconditionFailure("\(error)")
      }
    }
  }

  /// Removes the parts and what belongs to them; other files in the folder stay, and it with them.
  package func discard() {
    for folder in folders {
      // The program of a run that was killed may still be alive and begin a file between the look
      // and the removal.
      for _ in 0..<8 {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let ours = names.filter(FilmJoin.isOurs)
        for path in ours.map({ folder + "/" + $0 }) {
          if unsafe unlink(path) != 0 { unsafe _ = rmdir(path) }
        }
        if unsafe rmdir(folder) == 0 || ours.count < names.count { break }
      }
    }
  }

  private static func isOurs(_ name: String) -> Bool {
    name == FilmRecord.fileName || name.contains(".part.")
      || name.hasSuffix(".part") && (name.utf8.first.map { (48...57).contains($0) } ?? false)
  }

  /// Whether this process is the one to join, where several see that all parts are there.
  func takeTurn() -> Bool { unsafe mkdir(path("joining.part.turn"), 0o700) == 0 }

  private func joinByProgram(_ ffmpeg: FFmpeg, to output: String) throws(FilmError) {
    let list = path("join.part.txt")
    let metadata = path("metadata.part.txt")
    // Among the parts, where it goes with them if this process is killed.
    let temporary = path("joined.part.\(getpid())")
    var script = "ffconcat version 1.0\n"
    for part in record.parts {
      let microseconds =
        (Double(part.frames) / record.frameRate.perSecond * 1e6).rounded()
      guard let path = find(part.name) else { continue }
      script += "file \(FilmJoin.quoted(path))\nduration \(Int(microseconds))us\n"
    }
    let words =
      ";FFMETADATA1\ntitle=\(FilmJoin.escaped(record.title))\n"
      + "comment=\(FilmJoin.escaped(record.recipe))\n"
    do throws(FileError) {
      try AtomicFile.write(Array(script.utf8), to: list)
      try AtomicFile.write(Array(words.utf8), to: metadata)
    } catch {
      throw .file(error)
    }
    do throws(FilmError) {
      try ffmpeg.join(record.format, list: list, metadata: metadata, to: temporary)
      do { try TemporaryFile.commit(temporary, to: output) } catch { throw .file(error) }
    } catch {
      unsafe _ = unlink(temporary)
      throw error.ofFullDisk(output)
    }
    unsafe _ = unlink(list)
    unsafe _ = unlink(metadata)
  }

  /// A path as ffmpeg's scripts want it: absolute, since they count from their own place, and in
  /// quotes.
  static func quoted(_ path: String) -> String {
    let absolute =
      path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    return "'" + ("file:" + absolute).replacing("'", with: "'\\''") + "'"
  }

  /// ffmpeg's metadata files set a backslash before these.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      if "=;#\\\n".unicodeScalars.contains(character) { escaped += "\\" }
      escaped.unicodeScalars.append(character)
    }
    return escaped
  }

  private func join(into file: borrowing AtomicFile) throws {
    let rate = record.frameRate
    switch record.format {
    case .gif:
      try file.append(
        GIF.header(
          side: record.side, palette: GIFPalette(colors: record.paletteColors),
          comment: record.recipe))
      for part in record.parts { try append(part.name, to: file) }
      try file.append(GIF.end)
    case .y4m:
      try file.append(Y4M.header(side: record.side, rate: (rate.numerator, rate.denominator)))
      for part in record.parts { try append(part.name, to: file) }
    case .apng:
      try joinPNGs(into: file)
    case .mp4, .webm, .frames: preconditionFailure("not joined here")
    }
  }

  private func append(_ name: String, to file: borrowing AtomicFile) throws {
    let part = try MappedFile(path: find(name) ?? path(name))
    try unsafe part.withBytes { try unsafe file.append($0) }
  }

  private func joinPNGs(into file: borrowing AtomicFile) throws {
    let rate = record.frameRate
    // Numbers of 16 bits: what does not fit is rounded to thousandths.
    let seconds =
      rate.numerator <= 65535 && rate.denominator <= 65535
      ? (UInt16(rate.denominator), UInt16(rate.numerator))
      : (UInt16(min(65535, (1000 / rate.perSecond).rounded())), 1000)
    var assembly = APNG.Assembly(side: record.side, secondsPerFrame: seconds)
    var isFirst = true
    for part in record.parts {
      func damaged() -> FilmError {
        .damaged(path: path(part.name), problem: "the part is damaged; remove it and make it again")
      }
      let mapped = try MappedFile(path: find(part.name) ?? path(part.name))
      let bytes = unsafe mapped.withBytes { unsafe Array($0) }
      var at = 0
      for _ in 0..<part.frames {
        guard at + 4 <= bytes.count else { throw damaged() }
        let count = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
        guard at + 4 + count <= bytes.count else { throw damaged() }
        let png = Array(bytes[at + 4..<at + 4 + count])
        if isFirst {
          isFirst = false
          let text = [("Title", record.title), ("mien-timeline", record.recipe)]
          guard let start = assembly.start(frames: record.frames, first: png, text: text) else {
            throw damaged()
          }
          try file.append(start)
        }
        guard let frame = assembly.frame(png) else { throw damaged() }
        try file.append(frame)
        at += 4 + count
      }
    }
    try file.append(APNG.Assembly.end)
  }
}
