import Foundation
import Imaging
import TestFixtures
import Testing

/// `mien project` of the model's own pictures, cropped off by up to 5 % and 5°: the face found differs
/// from the one it came from by less than 0.03 on [-1, 1], in at most 100 steps. Two seeds, or as
/// many as MIEN_SELF_INVERSION says, with a line of figures for each.
@Suite(.serialized)
struct SelfInversionTests {
  private let count =
    ProcessInfo.processInfo.environment["MIEN_SELF_INVERSION"].flatMap { Int($0) }

  @Test func findsWhatItShowed() throws {
    let mien = try MienProcess()
    func picture(_ name: String) throws -> PixelImage {
      try PNG.decode(Array(Data(contentsOf: URL(filePath: mien.path(name))))).image
    }
    var random = RandomTensors(seed: 50)
    var differences: [Double] = []
    for seed in 0..<(count ?? 2) {
      try mien("generate", "--seeds", "\(seed)", "--psi", "0.7", "-o", "face.png")
      let face = try picture("face.png")
      let side = Double(face.width)
      func off(_ limit: Double) -> Double { limit * Double(random.next()) }
      let crop = [side * (0.5 + off(0.05)), side * (0.5 + off(0.05)), side, off(5)]
      let result = try mien(
        "project", "face.png", "--steps", "100", "--crop",
        crop.map { "\($0)" }.joined(separator: ","), "--picture", "found.png", "-o", "w.json")
      try #require(result.status == 0, "\(result.errors)")
      let found = try picture("found.png")
      let sum = zip(found.bytes, face.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
      let difference = Double(sum) / Double(face.bytes.count) / 127.5
      differences.append(difference)
      if count != nil { print("seed \(seed): \(difference) \(result.output)", terminator: "") }
      #expect(difference < 0.03, "seed \(seed)")
    }
    if count != nil {
      let sorted = differences.sorted()
      print("median \(sorted[sorted.count / 2]), largest \(sorted[sorted.count - 1])")
    }
  }
}
