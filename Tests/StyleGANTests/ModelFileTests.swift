import BundledModel
import Checkpoints
import Files
import Foundation
import StyleGAN
import Tensors
import TestFixtures
import Testing

@Suite struct ModelFileTests {
  /// tensors.json of a fixture: every tensor's shape and the SHA-256 of its float32 bytes.
  @Test(
    .enabled(if: TestFixtures.shared != nil, "the shared fixtures are not here"),
    arguments: [
      "sg2ada_skip", "sg2ada_cond", "sg2ada_fp16", "sg2ada_resnet", "sg2ada_orig",
      "sg3repo_sg2_gray",
    ])
  func tensorsAreExact(fixture: String) throws {
    let folder = TestFixtures.shared!.appending(path: fixture)
    let contents = try ModelFile.read(path: folder.appending(path: "network.pkl").path)
    let text = try String(contentsOf: folder.appending(path: "tensors.json"), encoding: .utf8)
    let golden = try #require(try JSONValue(parsing: text)["G_ema"]?.members)
    #expect(contents.network.tensors.count == golden.count)
    for entry in golden {
      let stored = try #require(contents.network.tensors[entry.key], "\(entry.key)")
      #expect(stored.shape == entry.value["shape"]?.array?.compactMap(\.integer), "\(entry.key)")
      let tensor = try contents.network.tensor(entry.key)
      let hash = unsafe tensor.withUnsafeBuffer {
        unsafe SHA256.hex(of: UnsafeRawBufferPointer($0))
      }
      #expect(hash == entry.value["sha256"]?.string, "\(entry.key)")
    }
  }

  @Test(
    .enabled(if: TestFixtures.shared != nil, "the shared fixtures are not here"),
    arguments: [
      ("sg2ada_skip", "skip", 64, [32, 32, 32, 32, 32], 8, 0, 3, nil as Float?),
      ("sg2ada_cond", "skip", 32, [20, 20, 20, 20], 2, 5, 3, nil),
      ("sg2ada_fp16", "skip", 32, [20, 20, 20, 20], 8, 0, 3, 256),
      ("sg2ada_resnet", "resnet", 32, [20, 20, 20, 20], 8, 0, 3, 1.5),
      ("sg2ada_orig", "orig", 32, [16, 16, 16, 16], 4, 0, 3, nil),
      ("sg3repo_sg2_gray", "skip", 32, [16, 16, 16, 16], 8, 0, 1, 256),
    ])
  func configurationIsInferred(
    fixture: String, architecture: String, resolution: Int, channels: [Int], layers: Int,
    classes: Int, imageChannels: Int, clamp: Float?
  ) throws {
    let path = TestFixtures.shared!.appending(path: "\(fixture)/network.pkl").path
    let contents = try ModelFile.read(path: path)
    let configuration = contents.configuration
    #expect(configuration.architecture.rawValue == architecture)
    #expect(configuration.resolution == resolution)
    #expect(configuration.blockChannels == channels)
    #expect(configuration.mappingLayers == layers)
    #expect(configuration.cDim == classes)
    #expect(configuration.zDim == (fixture == "sg2ada_cond" ? 48 : 64))
    #expect(configuration.wDim == 64)
    #expect(configuration.imageChannels == imageChannels)
    #expect(configuration.convClamp == clamp)
    #expect(configuration.mappingLearningRateMultiplier == 0.01)
    #expect(contents.name == "network")
    #expect(contents.network.container == "NVIDIA PyTorch pickle")
    #expect(contents.network.notes.isEmpty)
  }

  /// From the file to the picture, with the fixture that every clone has.
  @Test func theTinyNetworkGivesItsGoldenPicture() throws {
    let folder = TestFixtures.committed("hostile")
    let model = try ModelFile.load(path: folder.appending(path: "control_tiny.pkl").path)
    let golden = try NPZArchive.load(path: folder.appending(path: "control_tiny_golden.npz").path)
    let w = model.generator.map(z: try golden.array("z").tensor, classIndices: nil)
    let ws = try golden.array("ws").tensor
    #expect(largestDifference(w.values, Array(ws.values.prefix(16))) < 1e-5)
    let picture = try #require(
      model.generator.synthesize(
        ws: ws.reshaped([6, 16]), noise: .const, upTo: nil, isCancelled: { false }))
    let expected = try golden.array("img_const").tensor.values
    #expect(largestDifference(picture.values, expected) < 1e-4 * expected.map(abs).max()!)
  }

  @Test func withoutAveragedWeightsTheRawOnesAreUsedAndSaid() throws {
    guard let shared = TestFixtures.shared else { return }
    let path = shared.appending(path: "hostile/n17_two_G_no_ema.pkl").path
    let model = try ModelFile.load(path: path)
    #expect(model.notes == ["no G_ema in it: G, the network without averaged weights, is used"])
  }

  // MARK: Our own files

  @Test func theBundledModelLoads() throws {
    let model = try unsafe ModelFile.load(bytes: BundledModel.bytes, name: BundledModel.name)
    #expect(model.path == nil)
    #expect(model.sha256.count == 64)
    #expect(model.container == "safetensors")
    #expect(model.directions.contains { $0.name == "smile" && $0.kind == "attribute" })
    for direction in model.directions {
      #expect(direction.vector.shape == [model.configuration.wDim])
      #expect(direction.rows == "all")
    }
    #expect(model.licence != nil)
  }

  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: standIn.path), "the stand-in model is not here"))
  func theStandInGivesItsGoldenPictures() throws {
    let model = try ModelFile.load(path: Self.standIn.path)
    #expect(model.name == "stand-in")
    let golden = try NPZArchive.load(
      path: Self.standIn.deletingLastPathComponent().appending(path: "stand-in.golden.npz").path)
    let z = try golden.array("z").tensor
    let w = try golden.array("w").tensor
    #expect(largestDifference(model.generator.map(z: z, classIndices: nil).values, w.values) < 1e-5)
    #expect(model.generator.wAverage.values == (try golden.array("w_avg").tensor.values))
    let rows = model.configuration.numWs
    let first = Array(w.values.prefix(model.configuration.wDim))
    let ws = Tensor(
      (0..<rows).flatMap { _ in first }, shape: [rows, model.configuration.wDim])
    let picture = try #require(
      model.generator.synthesize(ws: ws, noise: .none, upTo: nil, isCancelled: { false }))
    let expected = try golden.array("img").tensor.values.prefix(picture.count)
    #expect(
      largestDifference(picture.values, Array(expected)) < 1e-4 * max(1, expected.map(abs).max()!))
  }

  static let standIn = TestFixtures.repository.deletingLastPathComponent()
    .appending(path: "shared/models/stand-in.safetensors")

  private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? 0 : .infinity
  }
}
