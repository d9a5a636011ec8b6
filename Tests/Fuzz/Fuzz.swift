package import Foundation
import StyleGAN
import TestFixtures

/// Damages the small fixtures and reads the result: `Fuzz COUNT [SEED [FIRST]]`.
///
/// A crash leaves the number of the input in progress in the file `fuzz.at`; `Fuzz 1 SEED NUMBER`
/// repeats it.
@main
package struct Fuzz {
  package static func main() throws {
    let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
    let count = arguments.first ?? 10_000
    let seed = UInt64(arguments.dropFirst().first ?? 1)
    let first = arguments.dropFirst(2).first ?? 0
    let own = try Self.nativeFiles()
    defer { try? FileManager.default.removeItem(at: own) }
    let corpus = Corpus(folders: [HostileFile.folder, own] + shared)
    guard !corpus.items.isEmpty else {
      print("no files to start from")
      return
    }
    let place = unsafe open("fuzz.at", O_RDWR | O_CREAT | O_TRUNC, 0o644)
    defer { close(place) }
    var readers = Readers()
    var slowest = (seconds: 0.0, iteration: 0, name: "")
    var largest = (growth: 0, iteration: 0, name: "")
    var peak = peakMemory()
    let start = ContinuousClock.now
    for iteration in first..<(first + count) {
      var number = iteration
      _ = unsafe pwrite(place, &number, MemoryLayout<Int>.size, 0)
      let (name, bytes) = corpus.input(seed: seed, iteration: iteration)
      let before = clock()
      readers.read(bytes)
      let seconds = Double(clock() - before) / Double(CLOCKS_PER_SEC)
      if seconds > slowest.seconds { slowest = (seconds, iteration, name) }
      let now = peakMemory()
      if now - peak > largest.growth { largest = (now - peak, iteration, name) }
      peak = max(peak, now)
      if (iteration + 1).isMultiple(of: 50_000) {
        print(
          "\(iteration + 1): slowest \(slowest), peak \(peak / 1024) MB, largest step \(largest)")
      }
    }
    print(
      """
      \(count) inputs of \(corpus.items.count) files in \(ContinuousClock.now - start), seed \(seed)
      readings: \(readers.accepted) accepted, \(readers.refused) refused
      slowest input: \(slowest.seconds) s (number \(slowest.iteration), \(slowest.name))
      peak memory: \(peak / 1024) MB; largest step \(largest.growth / 1024) MB (number \
      \(largest.iteration), \(largest.name))
      """)
  }

  private static var shared: [URL] {
    guard let folder = TestFixtures.shared else { return [] }
    return [folder.appending(path: "directions")]
  }

  /// Our own form, made of the small generators.
  package static func nativeFiles() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mien-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in ["control_tiny.pkl", "control_tf.pkl"] {
      let path = TestFixtures.committed("hostile").appending(path: name).path
      _ = try ModelImport(path: path).write(
        to: folder.appending(path: "native-\(name).safetensors").path, name: "tiny",
        precision: .f16, licence: nil, progress: { _ in }, isCancelled: { false })
    }
    return folder
  }

  /// In kilobytes.
  private static func peakMemory() -> Int {
    var usage = rusage()
    unsafe getrusage(0, &usage)
    return usage.ru_maxrss
  }
}
