import Glibc

/// Where a user's files live (XDG Base Directory Specification 0.8).
package struct StandardFolders: Hashable, Sendable {
  /// Models and presets: $XDG_DATA_HOME/mien, else ~/.local/share/mien.
  package let dataHome: String
  /// The editor's journal: $XDG_STATE_HOME/mien, else ~/.local/state/mien.
  package let stateHome: String
  /// What can be computed again: $XDG_CACHE_HOME/mien, else ~/.cache/mien.
  package let cacheHome: String

  /// - Parameter environment: the variables of the process.
  package init(environment: [String: String]) {
    // The specification: relative paths in these variables are invalid and to be ignored.
    func absolute(_ name: String) -> String? {
      environment[name].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    let home = absolute("HOME") ?? "/"
    func folder(_ variable: String, _ fallback: String) -> String {
      let base = absolute(variable) ?? (home == "/" ? "/" + fallback : home + "/" + fallback)
      return (base.hasSuffix("/") ? String(base.dropLast()) : base) + "/mien"
    }
    dataHome = folder("XDG_DATA_HOME", ".local/share")
    stateHome = folder("XDG_STATE_HOME", ".local/state")
    cacheHome = folder("XDG_CACHE_HOME", ".cache")
  }

  package var models: String { dataHome + "/models" }
  package var presets: String { dataHome + "/presets" }

  /// Makes a folder and those above it where they are missing, private to the user.
  package static func make(_ folder: String) throws(FileError) {
    var status = stat()
    if unsafe stat(folder, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw FileError(path: folder, operation: .makeFolder, code: ENOTDIR)
      }
      return
    }
    if let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
      try make(String(folder[..<slash]))
    }
    guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
      throw FileError(path: folder, operation: .makeFolder, code: errno)
    }
  }
}
