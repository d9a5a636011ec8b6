import Checkpoints
import Files
import Foundation
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// Generators written by other people's code, from the file to the picture.
@Suite(.enabled(if: TestFixtures.shared != nil, "the shared fixtures are not here"))
struct ForeignCheckpointTests {
  private func path(_ name: String) -> String { TestFixtures.shared!.appending(path: name).path }

  private func largestDifference(_ a: Tensor, _ b: Tensor) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a.values, b.values).map { abs($0 - $1) }.max() ?? 0
  }

  /// Every mapped tensor against the hashes of NVIDIA's own converter.
  @Test(arguments: ["tf_sg2_skip", "tf_sg2_resnet", "tf_ada_cond"])
  func tensorFlowTensorsAreExact(fixture: String) throws {
    let contents = try ModelFile.read(path: path("\(fixture)/network.pkl"))
    let text = try String(
      contentsOfFile: path("\(fixture)/tensors_converted.json"), encoding: .utf8)
    let golden = try #require(try JSONValue(parsing: text)["G_ema"]?.members)
    let filters = golden.filter { $0.key.hasSuffix("resample_filter") }
    #expect(contents.network.tensors.count == golden.count - filters.count)
    for entry in golden where !entry.key.hasSuffix("resample_filter") {
      let stored = try #require(contents.network.tensors[entry.key], "\(entry.key)")
      #expect(stored.shape == entry.value["shape"]?.array?.compactMap(\.integer), "\(entry.key)")
      let tensor = try contents.network.tensor(entry.key)
      let hash = unsafe tensor.withUnsafeBuffer {
        unsafe SHA256.hex(of: UnsafeRawBufferPointer($0))
      }
      #expect(hash == entry.value["sha256"]?.string, "\(entry.key)")
    }
  }

  @Test(arguments: [
    ("tf_sg2_skip/network.pkl", "tf_sg2_skip/golden.npz"),
    ("tf_sg2_resnet/network.pkl", "tf_sg2_resnet/golden.npz"),
    ("tf_ada_cond/network.pkl", "tf_ada_cond/golden.npz"),
    ("rosinality/converted_zip.pt", "rosinality/golden.npz"),
    ("rosinality/converted_legacy.pt", "rosinality/golden.npz"),
    ("rosinality/training_000010.pt", "rosinality/golden_training.npz"),
  ])
  func pictures(file: String, golden: String) throws {
    let model = try ModelFile.load(path: path(file))
    let golden = try NPZArchive.load(path: path(golden))
    let configuration = model.configuration
    let z = try golden.array("z").tensor
    var classes: [Int]?
    if configuration.cDim > 0 {
      let c = try golden.array("c").tensor
      classes = (0..<c.shape[0]).map { row in
        let start = row * configuration.cDim
        return c.values[start..<(start + configuration.cDim)].firstIndex(of: 1)! - start
      }
    }
    let w = model.generator.map(z: z, classIndices: classes)
    #expect(largestDifference(w, try golden.array("w").tensor) < 1e-5)
    let first = w.values.prefix(configuration.wDim)
    let ws = Tensor(
      (0..<configuration.numWs).flatMap { _ in first },
      shape: [configuration.numWs, configuration.wDim])
    let picture = try #require(
      model.generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false }))
    let images = try golden.array("img_const").tensor
    let expected = Tensor(Array(images.values.prefix(picture.count)), shape: picture.shape)
    #expect(largestDifference(picture, expected) < 1e-4 * max(1, expected.values.map(abs).max()!))
    if golden.names.contains("w_avg") {
      #expect(model.generator.wAverage.values == (try golden.array("w_avg").tensor.values))
    }
  }

  @Test func trainingCheckpointsGetAnAverage() throws {
    let model = try ModelFile.load(path: path("rosinality/training_000010.pt"))
    #expect(model.notes == ["no average of w in it: it is computed from 10,000 samples"])
    // Independent samples have the same mean, within their standard error.
    var random = NumPyRandomState(seed: 9)
    let z = Tensor(random.standardNormal(4000 * 64), shape: [4000, 64])
    let w = model.generator.map(z: z, classIndices: nil).values
    for (index, average) in model.generator.wAverage.values.enumerated() {
      let column = stride(from: index, to: w.count, by: 64).map { w[$0] }
      let mean = column.reduce(0, +) / 4000
      let deviation = (column.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 4000).squareRoot()
      #expect(abs(mean - average) < 6 * deviation / 50)
    }
  }

  @Test func directionsAreNoGenerator() throws {
    #expect {
      try ModelFile.load(path: path("rosinality/factor.pt"))
    } throws: {
      "\($0)"
        == "\(path("rosinality/factor.pt")): no generator in it: it holds a dictionary with ckpt, eigvec"
    }
  }
}
