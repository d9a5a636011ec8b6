import Foundation
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// Scores of every discriminator in the fixtures against the reference's, within 1e-4.
@Suite struct DiscriminatorTests {
  private static let present = [
    "sg2ada_skip", "sg2ada_cond", "sg2ada_fp16", "sg2ada_resnet", "sg2ada_orig",
    "sg3repo_sg2_gray", "sg3_t", "sg3_r", "sg3_t_cond",
  ].filter { TestFixtures.network($0) != nil }

  @Test(arguments: present) func scores(name: String) throws {
    let folder = try #require(TestFixtures.network(name))
    let network = try GoldenNetwork(name)
    let discriminator = try TrainingSnapshot(
      path: folder.appending(path: "network.pkl").path
    ).discriminator()
    let classes =
      discriminator.configuration.cDim > 0 ? try network.golden("c") : nil
    let pictures = try network.golden("d_images")
    let scores = discriminator(pictures, classes: classes)
    let error = relativeError(scores, try network.golden("d_logits"))
    #expect(error < 1e-4, "\(name): \(error)")
  }

  @Test func aFileWithoutOneSaysSo() throws {
    let path = TestFixtures.repository.appending(path: "Package.swift").path
    #expect(throws: ModelError.self) { try TrainingSnapshot(path: path) }
  }
}
