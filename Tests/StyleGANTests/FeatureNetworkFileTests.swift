import Checkpoints
import Foundation
import NN
import StyleGAN
import Tensors
import Testing

/// The feature network from the two files a user has, in the names these have.
@Suite(.serialized) struct FeatureNetworkFileTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "mien-features-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  private func write(head: Float) throws {
    let entries = ParameterCensus(of: VGG16()).entries
    try Safetensors.save(
      entries.enumerated().map { ($1.name, Tensor(repeating: Float($0), shape: $1.shape)) },
      metadata: [:], to: path("vgg"))
    try Safetensors.save(
      VGG16.widths.enumerated().map {
        ("lin\($0).model.1.weight", Tensor(repeating: head + Float($0), shape: [1, $1, 1, 1]))
      }, metadata: [:], to: path("heads"))
  }

  @Test func convertsAndLoads() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(head: 0.5)
    try FeatureNetworkFile.convert(vgg: path("vgg"), heads: path("heads"), to: path("lpips"))
    let features = try FeatureNetworkFile.load(path: path("lpips"))
    #expect(features.network.groups[4][2].bias.tensor.values.allSatisfy { $0 == 25 })
    #expect(features.network.groups[0][1].weight.tensor.values[0] == 2)
    #expect(features.heads.map { $0.tensor.values[0] } == [0.5, 1.5, 2.5, 3.5, 4.5])
  }

  @Test func saysWhatIsWrong() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try write(head: -1)
    #expect(throws: FeatureNetworkError.self) {
      try FeatureNetworkFile.convert(vgg: path("vgg"), heads: path("heads"), to: path("lpips"))
    }
    #expect(throws: FeatureNetworkError.self) {
      try FeatureNetworkFile.convert(vgg: path("heads"), heads: path("vgg"), to: path("lpips"))
    }
    #expect(!FileManager.default.fileExists(atPath: path("lpips")))
    #expect(throws: FeatureNetworkError.self) { try FeatureNetworkFile.load(path: path("vgg")) }
  }
}
