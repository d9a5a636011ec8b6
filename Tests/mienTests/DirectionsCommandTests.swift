import Checkpoints
import Foundation
import Imaging
import Tensors
import Testing

@Suite(.serialized)
struct DirectionsCommandTests {
  private let mien: MienProcess

  init() throws { mien = try MienProcess() }

  private func list(_ text: String) throws -> [[String: Any]] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
  }

  @Test func listAsJSON() throws {
    let result = try mien("directions", "list", "--json")
    #expect(result.status == 0)
    let directions = try list(result.output)
    #expect(directions.filter { $0["kind"] as? String == "attribute" }.count > 5)
    #expect(directions.filter { $0["kind"] as? String == "sefa" }.count == 10)
    #expect(directions.filter { $0["kind"] as? String == "pca" }.count == 10)
    for direction in directions {
      #expect(direction["space"] as? String == "w")
      #expect(direction["name"] is String)
      #expect(direction["rows"] is String)
      #expect((direction["scale"] as? Double ?? 0) > 0)
    }
  }

  @Test func showKnowsNeighboursAndNames() throws {
    let result = try mien("directions", "show", "smile")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("name     smile\nkind     attribute\nspace    w\n"))
    #expect(result.output.contains("\nnearest  "))
    let unknown = try mien("directions", "show", "wings")
    #expect(unknown.status == 1)
    #expect(unknown.errors.hasPrefix("mien: the model has no direction \"wings\"; it has "))
  }

  @Test func aStripRunsFromMinusThreeToThree() throws {
    #expect(
      try mien("directions", "strip", "smile", "pca 1", "--seed", "3", "-o", "strip.png").status
        == 0)
    let strip = try PNG.decode(Array(Data(contentsOf: URL(filePath: mien.path("strip.png")))))
    let side = strip.image.width / 7
    #expect((strip.image.width, strip.image.height) == (7 * side, 2 * side))
    try mien("generate", "--seeds", "3", "-o", "face.ppm")
    let face = try PPM.decode(Array(Data(contentsOf: URL(filePath: mien.path("face.ppm")))))
    // The middle of each row is the face itself.
    for row in 0..<2 {
      let start = ((row * side) * strip.image.width + 3 * side) * 3
      #expect(strip.image.bytes[start..<start + side * 3] == face.bytes[..<(side * 3)])
    }
  }

  @Test(arguments: ["sefa", "pca"])
  func discoverWritesUnitVectors(method: String) throws {
    #expect(
      try mien(
        "discover", "--method", method, "--layers", "coarse", "--count", "3", "-o", "found"
      ).status
        == 0)
    #expect(
      try mien.files(in: "found")
        == ["directions.json"] + (1...3).map { "\(method)-\($0).npy" })
    let entries = try list(
      String(
        decoding: Data(contentsOf: URL(filePath: mien.path("found/directions.json"))), as: UTF8.self
      ))
    #expect(entries.map { $0["rows"] as? String } == ["coarse", "coarse", "coarse"])
    for entry in entries {
      let file = try #require(entry["file"] as? String)
      let array = try NPYArray.load(path: mien.path("found/" + file))
      #expect(array.shape[0] == 1)
      let length = array.doubles.reduce(0) { $0 + $1 * $1 }
      #expect(abs(length - 1) < 1e-5)
    }
  }
}
