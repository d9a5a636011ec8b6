import Files
import FoundationEssentials
import Glibc

/// A folder of presets, one file each.
package struct PresetLibrary: Sendable {
  package let folder: String

  /// - Parameter folder: need not exist; saving makes it.
  package init(folder: String) { self.folder = folder }

  /// A file of the folder; one that cannot be read is listed with the reason.
  package struct Entry: Sendable {
    /// The preset's name; the file's stem where it cannot be read.
    package let name: String
    package let path: String
    package let preset: Result<Preset, PresetError>
  }

  /// All `.json` files of the folder, by name; empty where the folder does not exist.
  package func list() -> [Entry] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let entries = files.filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }.map { file in
      let path = folder + "/" + file
      let preset = Result { () throws(PresetError) in try Preset.load(path: path) }
      let name = (try? preset.get().name) ?? Preset.stem(path)
      return Entry(name: name, path: path, preset: preset)
    }
    return entries.sorted {
      let (a, b) = ($0.name.lowercased(), $1.name.lowercased())
      return a == b ? $0.path < $1.path : a < b
    }
  }

  package func load(_ name: String) throws(PresetError) -> Preset {
    try Preset.load(path: try existing(name))
  }

  /// Writes a preset under its name.
  /// - Parameter overwriting: whether a preset of that name may be replaced.
  /// - Returns: the path of the file.
  /// - Throws: `exists` where it may not be.
  @discardableResult
  package func save(_ preset: Preset, overwriting: Bool = false) throws(PresetError) -> String {
    let found = try find(preset.name)
    let path = if let found { found } else { try self.path(of: preset.name) }
    if PresetLibrary.exists(path), !overwriting {
      throw PresetError(file: path, reason: .exists(name: preset.name))
    }
    do {
      try StandardFolders.make(folder)
    } catch {
      throw PresetError(file: folder, reason: .file(error))
    }
    try preset.save(to: path)
    return path
  }

  /// Gives a preset another name, and its file with it.
  /// - Throws: `noSuchPreset`, or `exists` where the new name is taken.
  package func rename(_ name: String, to newName: String) throws(PresetError) {
    let old = try existing(name)
    let new = try path(of: newName)
    guard newName != name else { return }
    let taken = try find(newName)
    if taken.map({ $0 != old }) ?? (new != old && PresetLibrary.exists(new)) {
      throw PresetError(file: taken ?? new, reason: .exists(name: newName))
    }
    var preset = try Preset.load(path: old)
    preset.name = newName
    // The new file is whole before the old one goes: at worst both are there.
    try preset.save(to: new)
    if new != old { try remove(old) }
  }

  package func delete(_ name: String) throws(PresetError) { try remove(try existing(name)) }

  // MARK: Names and files

  /// Where a preset of that name is written.
  /// - Throws: `name` where no file can be called so.
  package func path(of name: String) throws(PresetError) -> String {
    guard let stem = LibraryFileName.stem(of: name) else {
      throw PresetError(file: folder, reason: .name(String(name.prefix(60))))
    }
    return folder + "/" + stem + ".json"
  }

  private func existing(_ name: String) throws(PresetError) -> String {
    guard let path = try find(name) else {
      throw PresetError(file: folder, reason: .noSuchPreset(name: name))
    }
    return path
  }

  /// The file of a preset: the one called so, else one that says it has that name.
  private func find(_ name: String) throws(PresetError) -> String? {
    let path = try path(of: name)
    let entries = list()
    return entries.first { $0.path == path && $0.name == name }?.path
      ?? entries.first { $0.name == name }?.path
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  private func remove(_ path: String) throws(PresetError) {
    guard unsafe unlink(path) == 0 else {
      throw PresetError(
        file: path, reason: .file(FileError(path: path, operation: .remove, code: errno)))
    }
  }
}
