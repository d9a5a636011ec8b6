import Checkpoints
import Foundation
import Imaging
import Latents
import TestFixtures
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

  /// Every family, by the definition of its network where it has no fast passes: what is found lies
  /// nearer than the mean does.
  @Test(arguments: [
    ("sg3_t", "network.pkl", "w"), ("sg3_r", "network.pkl", "w+"),
    ("sg3_t_cond", "network.pkl", "w+"), ("sg1_fused", "network_tf.pkl", "w"),
    ("sg2ada_resnet", "network.pkl", "w+"),
  ].filter { TestFixtures.network($0.0) != nil })
  func findsPicturesOfEveryFamily(folder: String, file: String, space: String) throws {
    let model = try #require(TestFixtures.network(folder)).appending(path: file).path
    for (psi, name) in [("1", "own.png"), ("0", "mean.png")] {
      let made = try mien(
        "generate", "--model", model, "--seeds", "6", "--psi", psi, "-o", name)
      #expect(made.status == 0, "\(made.errors)")
    }
    let result = try mien(
      "project", "own.png", "--model", model, "--space", space, "--steps", "25", "--keep-crop",
      "--picture", "found.png", "-o", "own.json")
    #expect(result.status == 0, "\(result.errors)")
    let own = try picture("own.png")
    let found = difference(try picture("found.png"), own)
    let mean = difference(try picture("mean.png"), own)
    #expect(found < 0.7 * mean, "\(folder): \(found), the mean \(mean)")
  }

  @Test func stopsAndGoesOn() throws {
    let running = try mien.start([
      "project", "face.png", "--method", "reference", "--steps", "4000", "--space", "w+", "-o",
      "face.json",
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
      "project", "face.png", "--method", "reference", "--steps", "50", "--space", "w", "--resume",
      "-o", "face.json")
    // Stopped before its first step it has nothing that another could spoil.
    if stopped.errors.contains("after 0 of") {
      #expect(other.status == 0)
    } else {
      #expect(other.status == 1)
      #expect(other.errors.contains("with another"))
    }
  }

  /// Ctrl-C at any moment is answered at once; what was reached by then is written.
  @Test(arguments: [0.05, 0.15, 0.3]) func stopsBeforeTheFirstStep(after seconds: Double) throws {
    let running = try mien.start([
      "project", "face.png", "--method", "reference", "--steps", "100000", "-o", "face.json",
    ])
    Thread.sleep(forTimeInterval: seconds)
    let asked = Date()
    running.process.interrupt()
    running.process.waitUntilExit()
    #expect(Date().timeIntervalSince(asked) < 10)
    let stopped = try running.result()
    if stopped.status == 130 {
      _ = try Preset.load(path: mien.path("face.json"))
      let again = try mien(
        "project", "face.png", "--method", "reference", "--steps", "3", "--resume", "-o",
        "face.json")
      #expect(again.status == (stopped.errors.contains("after 0 of") ? 0 : 1))
    } else {
      // Before the photo was read there was nothing to keep.
      #expect(stopped.status == -SIGINT)
      #expect(try mien.files() == ["face.png"])
    }
  }

  /// However often it is killed, it ends as it would have.
  @Test func endsTheSameAfterBeingKilled() throws {
    let words = ["project", "face.png", "--space", "w+", "--keep-crop", "--steps", "40", "-o"]
    #expect(try mien.run(words + ["undisturbed.npz"]).status == 0)
    for round in 0..<5 {
      let running = try mien.start(words + ["killed.npz", "--resume"])
      Thread.sleep(forTimeInterval: 0.1 + 0.25 * Double(round))
      kill(running.process.processIdentifier, SIGKILL)
      running.process.waitUntilExit()
    }
    #expect(try mien.run(words + ["killed.npz", "--resume"]).status == 0)
    #expect(
      try Data(contentsOf: URL(filePath: mien.path("killed.npz")))
        == Data(contentsOf: URL(filePath: mien.path("undisturbed.npz"))))
    #expect(!FileManager.default.fileExists(atPath: mien.path("killed.npz.state")))
  }

  @Test func beginsAnewWhereThereIsNothingToGoOnWith() throws {
    let result = try mien("project", "face.png", "--steps", "2", "--resume", "-o", "a.json")
    #expect(result.status == 0)
    #expect(result.errors.contains("a.json.state is not there: beginning anew"))
  }

  @Test func aFullDiskIsNamed() throws {
    try FileManager.default.createSymbolicLink(
      atPath: mien.path("full.json"), withDestinationPath: "/dev/full")
    let result = try mien("project", "face.png", "--steps", "2", "-o", "full.json")
    #expect(result.status == 1)
    #expect(result.errors.contains("full.json") && result.errors.contains("No space left"))
  }

  @Test func severalPhotosAndTheirSheet() throws {
    try mien("generate", "--seeds", "5", "--psi", "0.7", "-o", "other.png")
    try Data("no picture".utf8).write(to: URL(filePath: mien.path("notes.png")))
    let result = try mien(
      "project", "face.png", "notes.png", "other.png", "--crop", "64,64,128", "--steps", "3",
      "--sheet", "sheet.png", "-o", "found")
    #expect(result.status == 1)
    #expect(result.errors.contains("notes.png"))
    #expect(result.errors.contains("1 of 3 photos"))
    #expect(try mien.files(in: "found") == ["face.json", "other.json"])
    let sheet = try picture("sheet.png")
    let side = try picture("face.png").width
    #expect(sheet.width == 3 * side + 2 * 2 && sheet.height == 2 * side + 2)
  }

  @Test func aPhotoOfOnePixel() throws {
    try Data(PNG.encode(PixelImage(width: 1, height: 1, bytes: [200, 150, 120])))
      .write(to: URL(filePath: mien.path("one.png")))
    let faceless = try mien("project", "one.png", "--steps", "2", "-o", "one.json")
    #expect(faceless.status == 1)
    #expect(faceless.errors.contains("one.png: "))
    let given = try mien(
      "project", "one.png", "--crop", "0.5,0.5,1", "--steps", "2", "-o", "one.json")
    #expect(given.status == 0, "\(given.errors)")
  }

  @Test(arguments: [
    ("missing.png -o a.json", 1), ("face.png -o a.txt", 2), ("face.png --steps 0 -o a.json", 2),
    ("face.png --crop 1,2 -o a.json", 2), ("face.png --face 0 -o a.json", 2),
    ("face.png --features lpips -o a.json", 1),
    ("face.png face.png -o a.json", 2), ("face.png face.png --picture a.png -o b", 2),
    ("face.png --sheet a.jpg -o a.json", 2), (". -o a.json", 1),
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
