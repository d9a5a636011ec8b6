import Checkpoints
import Foundation
import Imaging
import Latents
import Testing

@Suite(.serialized)
struct ProjectCommandTests {
  private let mien: MienProcess

  init() throws {
    mien = try MienProcess()
    try mien("generate", "--seeds", "3", "--psi", "0.7", "-o", "face.png")
  }

  private func picture(_ name: String) throws -> PixelImage {
    try PNG.decode(Array(Data(contentsOf: URL(filePath: mien.path(name))))).image
  }

  /// Mean absolute difference on [-1, 1].
  private func difference(_ a: PixelImage, _ b: PixelImage) -> Double {
    let sum = zip(a.bytes, b.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(a.bytes.count) / 127.5
  }

  @Test func findsAFaceOfItsOwn() throws {
    let result = try mien(
      "project", "face.png", "--steps", "60", "--picture", "found.png", "-o", "face.json")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("face.json: distance "))
    let found = try picture("found.png")
    #expect(difference(found, try picture("face.png")) < 0.1)
    // The preset shows what was found.
    #expect(try mien("generate", "--preset", "face.json", "-o", "again.png").status == 0)
    #expect(difference(try picture("again.png"), found) < 0.005)
    #expect(!FileManager.default.fileExists(atPath: mien.path("face.json.state")))
  }

  @Test func stopsAndGoesOn() throws {
    let running = try mien.start([
      "project", "face.png", "--steps", "4000", "--space", "w+", "-o", "face.json",
    ])
    // On a machine with other work the first steps can take a while.
    for _ in 0..<600 {
      if FileManager.default.fileExists(atPath: mien.path("face.json.state")) { break }
      Thread.sleep(forTimeInterval: 0.1)
    }
    running.process.interrupt()
    running.process.waitUntilExit()
    let stopped = try running.result()
    #expect(stopped.status == 130)
    #expect(stopped.errors.contains("--resume goes on"))
    let preset = try Preset.load(path: mien.path("face.json"))
    guard case .ws = preset.recipe.latent else {
      Issue.record("no point of W+")
      return
    }
    #expect(FileManager.default.fileExists(atPath: mien.path("face.json.state")))
    let other = try mien(
      "project", "face.png", "--steps", "50", "--space", "w+", "--resume", "-o", "face.json")
    #expect(other.status == 1)
    #expect(other.errors.contains("another steps"))
  }

  @Test(arguments: [
    ("missing.png -o a.json", 1), ("face.png -o a.txt", 2), ("face.png --steps 0 -o a.json", 2),
    ("face.png --crop 1,2 -o a.json", 2), ("face.png --face 0 -o a.json", 2),
    ("face.png --features lpips -o a.json", 1),
    ("face.png --resume -o a.json", 1),
  ] as [(String, Int32)]) func saysWhatIsWrong(words: String, status: Int32) throws {
    let arguments = words.split(separator: " ").map { String($0) }
    let result = try mien.run(["project"] + arguments)
    #expect(result.status == status)
    #expect(result.errors.hasPrefix("mien: ") || result.errors.hasPrefix("Error: "))
    #expect(!FileManager.default.fileExists(atPath: mien.path("a.json")))
  }

  @Test func exportsItsRows() throws {
    let result = try mien("project", "face.png", "--steps", "2", "--json", "-o", "w.npz")
    #expect(result.status == 0)
    #expect(result.output.contains("\"features\": \"pyramid\""))
    let array = try NPZArchive.load(path: mien.path("w.npz")).array("w")
    #expect(array.shape.count == 3 && array.shape[0] == 1)
  }
}
