import Files

extension Preset {
  /// - Throws: `PresetError` for a file that cannot be read or is no preset.
  package static func load(path: String) throws(PresetError) -> Preset {
    let file: MappedFile
    do {
      file = try MappedFile(path: path)
    } catch {
      throw PresetError(file: path, reason: .file(error))
    }
    guard file.count <= byteLimit else {
      throw PresetError(file: path, reason: .tooLarge(bytes: file.count, limit: byteLimit))
    }
    let bytes = unsafe file.withBytes { unsafe Array($0) }
    return try Preset(json: bytes, file: path)
  }

  /// Writes the preset file, replacing what is there; the file is whole or untouched.
  package func save(to path: String) throws(PresetError) {
    do {
      try AtomicFile.write(Array(json.utf8), to: path)
    } catch {
      throw PresetError(file: path, reason: .file(error))
    }
  }
}
