import FoundationEssentials

/// What a path typed so far could become.
enum PathList {
  /// More than anybody reads.
  private static let limit = 400

  /// The files and folders whose paths begin with a text, as it was typed; folders end with a
  /// slash. Hidden ones only where the text asks for them.
  static func paths(beginningWith text: String) -> [String] {
    if text == "~" { return ["~/"] }
    let end = text.lastIndex(of: "/").map { text.index(after: $0) } ?? text.startIndex
    let (folder, start) = (String(text[..<end]), text[end...])
    let place = FilmWorker.expanded(folder.isEmpty ? "." : folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    let fitting = names.filter { $0.hasPrefix(start) && ($0.first != "." || start.first == ".") }
    return fitting.sorted().prefix(limit).map { name in
      var isFolder = false
      _ = FileManager.default.fileExists(
        atPath: place + (place.hasSuffix("/") ? "" : "/") + name, isDirectory: &isFolder)
      return folder + name + (isFolder ? "/" : "")
    }
  }
}
