import Foundation
import Testing

/// Compares text with the file `Snapshots/<name>.txt` beside the tests.
///
/// `RECORD_SNAPSHOTS=1` writes the files anew. A snapshot that is not there yet is written, and the
/// test fails, so that somebody looks at it.
func assertSnapshot(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Snapshots")
  let file = folder.appending(path: "\(name).txt")
  let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"
  guard !isRecording, let expected = try? String(contentsOf: file, encoding: .utf8) else {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    } catch {
      Issue.record("snapshot \(name) cannot be written: \(error)", sourceLocation: sourceLocation)
    }
    if !isRecording {
      Issue.record(
        "snapshot \(name) was recorded: look at it and run again", sourceLocation: sourceLocation)
    }
    return
  }
  guard text != expected else { return }
  Issue.record(
    "snapshot \(name) differs (− expected, + found):\n\(difference(expected, text))",
    sourceLocation: sourceLocation)
}

/// The lines that differ, by number.
private func difference(_ expected: String, _ found: String) -> String {
  let a = expected.split(separator: "\n", omittingEmptySubsequences: false)
  let b = found.split(separator: "\n", omittingEmptySubsequences: false)
  var lines: [String] = []
  for index in 0..<max(a.count, b.count) {
    let old = index < a.count ? String(a[index]) : nil
    let new = index < b.count ? String(b[index]) : nil
    if old == new { continue }
    if let old { lines.append("\(index + 1) − \(old)") }
    if let new { lines.append("\(index + 1) + \(new)") }
  }
  return lines.joined(separator: "\n")
}
