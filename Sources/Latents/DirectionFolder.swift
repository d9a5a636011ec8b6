import Checkpoints
package import Files
import FoundationEssentials
import Glibc
package import StyleGAN

/// The directions a user has imported for one model: a folder with a file for each.
package struct DirectionFolder: Hashable, Sendable {
  package let folder: String
  package let model: ModelReference

  /// The user's folder for a model. Models are told apart by their content where that is known, so
  /// that a renamed checkpoint keeps its directions and another of its name does not get them.
  package init(_ folders: StandardFolders, model: ModelReference) {
    let digits = model.sha256.map { $0.filter(\.isHexDigit).prefix(16) } ?? ""
    let stem =
      digits.isEmpty ? LibraryFileName.stem(of: model.name) ?? "unnamed" : String(digits)
    self.init(folder: folders.dataHome + "/directions/" + stem, model: model)
  }

  /// - Parameter folder: need not exist; saving makes it.
  package init(folder: String, model: ModelReference) {
    self.folder = folder
    self.model = model
  }

  /// A file of the folder; one that cannot be read is listed with the reason.
  package struct Entry: Sendable {
    /// The direction's name; the file's stem where it cannot be read.
    package let name: String
    package let path: String
    package let direction: Result<Direction, DirectionError>
  }

  private static let ending = ".safetensors"

  /// All files of the folder, by name, numbers in numbers' order; empty where there is no folder.
  package func list() -> [Entry] {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let own = files.filter { $0.hasSuffix(DirectionFolder.ending) && !$0.hasPrefix(".") }
    let entries = own.map { file in
      let path = folder + "/" + file
      let direction = Result { () throws(DirectionError) in try load(path) }
      let stem = String(file.dropLast(DirectionFolder.ending.count))
      return Entry(name: (try? direction.get().name) ?? stem, path: path, direction: direction)
    }
    return entries.sorted {
      DirectionFolder.isBefore($0.name, $1.name) || $0.name == $1.name && $0.path < $1.path
    }
  }

  /// Those that can be read and used on a model.
  package func directions(for configuration: GeneratorConfiguration) -> [Direction] {
    list().compactMap { entry in
      guard let direction = try? entry.direction.get(),
        (try? direction.validate(for: configuration)) != nil, direction.rows.fits(configuration)
      else { return nil }
      return direction
    }
  }

  /// Writes directions under their names, all or, where one of the names cannot be used, none.
  /// - Parameters:
  ///   - taken: names of the model's own directions, which would hide these.
  ///   - overwriting: whether directions of those names may be replaced.
  /// - Returns: the paths of the files.
  @discardableResult
  package func save(
    _ directions: [Direction], taken: [String] = [], overwriting: Bool = false
  ) throws(DirectionError) -> [String] {
    let entries = list()
    var paths: [String] = []
    for direction in directions {
      try requireFree(direction.name, taken)
      let old = entries.first { $0.name == direction.name }?.path
      let path = if let old { old } else { try path(of: direction.name) }
      if paths.contains(path)
        || !overwriting && (old != nil || DirectionFolder.exists(path))
        || overwriting && old == nil && DirectionFolder.exists(path)
      {
        throw DirectionError(file: path, reason: .exists(name: direction.name))
      }
      paths.append(path)
    }
    do {
      try StandardFolders.make(folder)
      for (direction, path) in zip(directions, paths) {
        try direction.save(to: path, modelSHA256: model.sha256)
      }
    } catch { throw DirectionError(file: error.path, reason: .file(error)) }
    return paths
  }

  /// Gives a direction another name, and its file with it.
  package func rename(
    _ name: String, to newName: String, taken: [String] = []
  ) throws(DirectionError) {
    let entries = list()
    let old = try existing(name, entries)
    var direction = try old.direction.get()
    guard newName != name else { return }
    try requireFree(newName, taken)
    let path = try path(of: newName)
    if entries.contains(where: { $0.name == newName })
      || path != old.path && DirectionFolder.exists(path)
    {
      throw DirectionError(file: path, reason: .exists(name: newName))
    }
    direction.name = newName
    // The new file is whole before the old one goes: at worst both are there.
    do {
      try direction.save(to: path, modelSHA256: model.sha256)
    } catch { throw DirectionError(file: path, reason: .file(error)) }
    if path != old.path { try remove(old.path) }
  }

  package func delete(_ name: String) throws(DirectionError) {
    try remove(try existing(name, list()).path)
  }

  // MARK: Names and files

  private func load(_ path: String) throws(DirectionError) -> Direction {
    let checkpoint: Checkpoint
    do {
      checkpoint = try Checkpoint.open(path: path)
    } catch { throw DirectionError(file: path, reason: .checkpoint(error)) }
    guard let direction = try DirectionFile.stored(checkpoint) else {
      throw DirectionError(
        file: path, reason: .noDirections(found: "it was not written by mien"))
    }
    return direction
  }

  /// Components are found again on any machine, under these names.
  private static let componentNames: Set = [
    Direction.Kind.sefa.rawValue, Direction.Kind.pca.rawValue,
  ]

  private func requireFree(_ name: String, _ taken: [String]) throws(DirectionError) {
    let words = name.split(separator: " ", omittingEmptySubsequences: false)
    let isComponent =
      words.count == 2 && DirectionFolder.componentNames.contains(String(words[0]))
      && Int(words[1]) != nil
    guard !isComponent, !taken.contains(name) else {
      throw DirectionError(file: folder, reason: .reserved(name: name))
    }
  }

  private func path(of name: String) throws(DirectionError) -> String {
    guard let stem = LibraryFileName.stem(of: name),
      !name.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else {
      throw DirectionError(file: folder, reason: .name(String(name.prefix(60))))
    }
    return folder + "/" + stem + DirectionFolder.ending
  }

  private func existing(_ name: String, _ entries: [Entry]) throws(DirectionError) -> Entry {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw DirectionError(
        file: folder, reason: .noSuchDirection(name: name, known: entries.map(\.name)))
    }
    return entry
  }

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  private func remove(_ path: String) throws(DirectionError) {
    guard unsafe unlink(path) == 0 else {
      throw DirectionError(
        file: path, reason: .file(FileError(path: path, operation: .remove, code: errno)))
    }
  }

  /// "age 2" before "age 10".
  private static func isBefore(_ a: String, _ b: String) -> Bool {
    let (x, y) = (numbered(a), numbered(b))
    return x.stem == y.stem ? x.number < y.number : x.stem.lowercased() < y.stem.lowercased()
  }

  private static func numbered(_ name: String) -> (stem: Substring, number: Int) {
    guard let space = name.lastIndex(of: " "), let number = Int(name[name.index(after: space)...])
    else { return (name[...], 0) }
    return (name[..<space], number)
  }
}
