import Files
import Glibc

/// Where results go, by the ending of `-o`.
struct Destination: Hashable {
  enum Kind: Hashable {
    /// Pictures by name in a folder.
    case folder
    case png, ppm
    /// Float32 arrays.
    case npy, npz
  }
  let path: String
  let kind: Kind

  /// A folder that exists stays one whatever its name ends in.
  init(_ path: String) {
    self.path = path
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    kind =
      if path.hasSuffix("/") || Destination.isFolder(path) {
        .folder
      } else if name.hasSuffix(".png") { .png } else if name.hasSuffix(".ppm") {
        .ppm
      } else if name.hasSuffix(".npy") { .npy } else if name.hasSuffix(".npz") { .npz } else {
        .folder
      }
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The ending of a name that is taken for a folder but looks like that of a file: ".bmp" of
  /// "face.bmp". A folder that exists, or a name that ends in "/", is meant as one.
  var unknownEnding: String? {
    guard kind == .folder, !path.hasSuffix("/"), !Destination.isFolder(path),
      let name = path.split(separator: "/").last, let dot = name.lastIndex(of: "."),
      dot != name.startIndex
    else { return nil }
    let ending = name[dot...]
    guard (2...6).contains(ending.count), ending.dropFirst().allSatisfy(\.isLetter) else {
      return nil
    }
    return String(ending)
  }

  /// Refuses names that look like a file of a kind that is not written.
  func requireKnownEnding() throws(Failure) {
    guard let ending = unknownEnding else { return }
    throw .usage(
      "-o \(path): \(ending) is not written; end the name in .png, .ppm, .npy or .npz, or in / for a "
        + "folder")
  }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

  /// Makes sure that the result can be written before work goes into it: makes the folder, or
  /// starts the file that `commit` puts in place.
  func prepare() throws(FileError) {
    switch kind {
    case .folder:
      try StandardFolders.make(path)
      _ = try AtomicFile(replacing: file(".mien"))
    case .png, .ppm, .npy, .npz:
      _ = try AtomicFile(replacing: path)
    }
  }
}
