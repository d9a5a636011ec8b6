import Glibc

extension FilmFormat {
  /// The format a path asks for by its ending; a folder, a name that ends in "/" and one without an
  /// ending are folders of PNGs.
  /// - Throws: `unknownEnding` for files that are not written.
  package init(path: String, codec: WebMCodec = .vp9) throws(FilmError) {
    if path.hasSuffix("/") || FilmFormat.isFolder(path) {
      self = .frames
      return
    }
    let name = path.split(separator: "/").last ?? ""
    let dot = name.lastIndex(of: ".").flatMap { $0 == name.startIndex ? nil : $0 }
    guard let dot, name.index(after: dot) != name.endIndex else {
      self = .frames
      return
    }
    let ending = name[name.index(after: dot)...]
    guard let format = FilmFormat(ending: ending, codec: codec) else {
      throw .unknownEnding(path: path, ending: String(ending))
    }
    self = format
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
