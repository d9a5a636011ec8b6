import Checkpoints
import Foundation
import StyleGAN
import Tensors
import TestFixtures

/// The arrays that the reference implementation computed from a network of the fixtures.
struct GoldenNetwork {
  let generator: Generator
  let arrays: NPZArchive
  let features: NPZArchive

  /// The StyleGAN2 networks at hand: two are committed, the others lie beside the repository.
  static let present = [
    "sg2ada_skip", "sg2ada_cond", "sg2ada_fp16", "sg2ada_resnet", "sg2ada_orig",
    "sg3repo_sg2_gray",
  ].filter { TestFixtures.network($0) != nil }

  init(_ name: String, file: String = "network.pkl") throws {
    let folder = TestFixtures.network(name)!
    generator = try ModelFile.load(path: folder.appending(path: file).path).generator
    arrays = try NPZArchive.load(path: folder.appending(path: "golden.npz").path)
    features = try NPZArchive.load(path: folder.appending(path: "features.npz").path)
  }

  func golden(_ name: String) throws -> Tensor { try arrays.array(name).tensor }

  func feature(_ name: String) throws -> Tensor { try features.array(name).tensor }

  /// Item `index` of the first axis.
  func item(_ index: Int, of tensor: Tensor) -> Tensor {
    let inner = Shape(Array(tensor.shape.dimensions.dropFirst()))
    return Tensor(
      Array(tensor.values[index * inner.count..<(index + 1) * inner.count]), shape: inner)
  }

  /// Class indices of the golden one-hot rows, nil for an unconditional network.
  func classes() throws -> [Int]? {
    guard generator.configuration.cDim > 0 else { return nil }
    let c = try golden("c")
    return (0..<c.shape[0]).map { item($0, of: c).values.firstIndex(of: 1)! }
  }
}
