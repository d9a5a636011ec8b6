import Film
import Glibc

/// Where a film goes, by `-o`.
struct FilmDestination: Hashable {
  enum Kind: Hashable {
    case film(FilmFormat)
    /// The timeline itself, for later.
    case timeline
  }
  let path: String
  let kind: Kind

  /// - Parameter codec: of a WebM.
  /// - Throws: for endings of files that are not written.
  init(_ path: String, codec: FilmFormat.WebMCodec?) throws(Failure) {
    self.path = path
    guard !path.isEmpty else { throw .usage("-o needs a name") }
    if path == "-" {
      kind = .film(.y4m)
    } else if path.hasSuffix(".json"), !FilmDestination.isFolder(path) {
      kind = .timeline
    } else {
      do {
        kind = .film(try FilmFormat(path: path, codec: codec ?? .vp9))
      } catch {
        throw .usage("-o \(error); .json writes the timeline alone")
      }
    }
    if codec != nil {
      guard case .film(.webm) = kind else { throw .usage("--codec chooses how a .webm is encoded") }
    }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  var isStream: Bool { path == "-" }

  var output: FilmMaker.Output {
    if isStream { return .stream(STDOUT_FILENO) }
    if case .film(.frames) = kind {
      return .folder(path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path)
    }
    return .file(path)
  }

  /// What a film is called that is not given a title.
  var title: String {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return isStream ? "film" : name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}
