import Checkpoints
import Files
import FoundationEssentials
package import Imaging

/// Some consecutive pictures of a set: `NNNN.bin` holds their PNG files end to end, `NNNN.npz` where
/// they begin, their z, labels, landmarks and thumbnails. The .npz comes last, so that a shard
/// without it is unfinished.
package struct DatasetShard {
  static let thumbnail = 64

  struct Entry: Sendable {
    let z: [Float]
    let labels: [Float]
    let landmarks: [Float]
    let png: [UInt8]
    let thumbnail: [UInt8]
  }

  private static func stem(_ number: Int, in folder: String) -> String {
    let digits = String(number)
    return folder + "/" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// How many pictures a finished shard has, nil for an unfinished one.
  static func count(_ number: Int, in folder: String) -> Int? {
    let stem = stem(number, in: folder)
    let files = FileManager.default
    guard files.fileExists(atPath: stem + ".npz"), files.fileExists(atPath: stem + ".bin"),
      let (_, shape) = try? NPZArchive.load(path: stem + ".npz").describe("offsets"),
      shape.count == 1
    else { return nil }
    return shape[0] - 1
  }

  static func write(_ entries: [Entry], number: Int, in folder: String) throws(DatasetError) {
    let stem = stem(number, in: folder)
    let n = entries.count
    do {
      let pictures = try AtomicFile(replacing: stem + ".bin")
      for entry in entries { try pictures.append(entry.png) }
      try pictures.commit()
      var offsets = [0]
      for entry in entries { offsets.append(offsets.last! + entry.png.count) }
      try NPZArchive.save(
        [
          ("z", NPYArray(entries.flatMap(\.z), shape: [n, Axis.count])),
          ("labels", NPYArray(entries.flatMap(\.labels), shape: [n, Labels.names.count])),
          ("landmarks", NPYArray(entries.flatMap(\.landmarks), shape: [n, 68, 2])),
          ("small", NPYArray(entries.flatMap(\.thumbnail), shape: [n, thumbnail, thumbnail, 3])),
          ("offsets", NPYArray(offsets, shape: [n + 1])),
        ], to: stem + ".npz")
    } catch { throw .file(error) }
  }

  /// The picture at a place of a shard.
  package static func picture(
    _ place: Int, ofShard number: Int, in folder: String
  ) throws(DatasetError) -> PixelImage {
    let stem = stem(number, in: folder)
    let offsets: [Int]
    do {
      offsets = try NPZArchive.load(path: stem + ".npz").array("offsets").integers ?? []
    } catch { throw .archive(error) }
    guard place >= 0, place + 1 < offsets.count else {
      throw .pictureOutside(index: place, count: max(0, offsets.count - 1))
    }
    let bytes: Bytes
    do {
      bytes = try MappedFile(path: stem + ".bin").bytes
    } catch { throw .file(error) }
    let count = offsets[place + 1] - offsets[place]
    guard let slice = bytes.slice(from: offsets[place], count: count) else {
      throw .malformed(path: stem + ".bin", reason: "it ends before picture \(place)")
    }
    do {
      return try PNG.decode(slice.array).image
    } catch { throw .malformed(path: stem + ".bin", reason: "picture \(place): \(error)") }
  }

  /// Removes what a killed run left half-written.
  static func sweep(_ folder: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.contains(".part-") {
      guard let stem = name.split(separator: ".").first, stem.allSatisfy(\.isNumber) else {
        continue
      }
      try? FileManager.default.removeItem(atPath: folder + "/" + name)
    }
  }
}
