/// What the file of a named thing in a user's library is called.
enum LibraryFileName {
  /// The file name without ending; nil where no file can be called so.
  static func stem(of name: String) -> String? {
    var stem = ""
    for scalar in name.unicodeScalars {
      let isUnsafe =
        scalar == "/" || scalar == "\\" || scalar.properties.generalCategory == .control
      stem.unicodeScalars.append(isUnsafe ? "-" : scalar)
    }
    // A leading dot would hide the file.
    if stem.hasPrefix(".") { stem = "_" + stem.dropFirst() }
    guard !name.allSatisfy(\.isWhitespace), stem.utf8.count <= 200 else { return nil }
    return stem
  }
}
