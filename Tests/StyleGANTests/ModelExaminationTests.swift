import Checkpoints
import Files
import Foundation
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// What can be said about files that are no model, or a damaged one.
@Suite struct ModelExaminationTests {
  private static let tiny = TestFixtures.committed("hostile/control_tiny.pkl").path

  private func examine(_ bytes: [UInt8]) -> ModelExamination {
    ModelExamination(Bytes(bytes), source: "file")
  }

  /// The tiny generator in our own form.
  private func native() throws -> [UInt8] {
    let path = FileManager.default.temporaryDirectory.appending(path: "mien-\(UUID()).st").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    _ = try ModelImport(path: Self.tiny).write(
      to: path, name: "tiny", precision: .f32, licence: nil, progress: { _ in },
      isCancelled: { false })
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  @Test func anIntactSnapshot() throws {
    let found = try ModelExamination(path: Self.tiny)
    #expect(found.problem == nil)
    #expect(found.container == "NVIDIA PyTorch pickle")
    #expect(found.configuration?.resolution == 16)
    #expect(found.missing == [])
    #expect(found.surplus == [])
    #expect(found.odd == [])
    #expect(found.trainingData == ["./datasets/fixture.zip"])
    #expect(found.parameterCount == 4766)
    #expect(found.identity == found.sha256)
    #expect(!found.isNative)
  }

  @Test(arguments: [
    (Array("hello, world\n".utf8), "it is a text file, not a checkpoint"),
    ([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a], "it is a JPEG picture, not a checkpoint"),
    ([], "the file is empty"),
    ([0x80, 4, 0x5d, 0x2e], "no generator in it: it holds a list of 0"),
  ]) func otherFiles(bytes: [UInt8], words: String) {
    let found = examine(bytes)
    #expect(found.problem?.reason == words)
    #expect(found.byteCount == bytes.count)
    #expect(found.configuration == nil)
  }

  @Test func aDiffusionModel() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "mien-\(UUID()).st").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Safetensors.save(
      [
        ("model.diffusion_model.input_blocks.0.0.weight", Tensor(zeros: [2, 2])),
        ("first_stage_model.decoder.conv_in.weight", Tensor(zeros: [2])),
      ], to: path)
    #expect(
      try ModelExamination(path: path).problem?.reason
        == "it holds no generator but a diffusion model (U-Net), which has no StyleGAN latent space"
    )
  }

  /// Every kind by names that really occur.
  @Test(arguments: [
    (["lin0.model.1.weight", "lin1.model.1.weight"], ForeignNetwork.lpips),
    (["features.0.weight", "features.28.bias", "classifier.6.bias"], .vgg),
    (["b4.fc.weight", "b4.out.weight"], .discriminator),
    (["convs.0.0.weight", "final_conv.0.weight", "final_linear.0.weight"], .discriminator),
    (["unet.down.lora_down.weight"], .lowRankAdapter),
    (["encoder.down.0.block.0.conv1.weight", "decoder.up.0.conv.weight"], .autoencoder),
    (["model.layers.0.self_attn.q_proj.weight"], .languageModel),
    (["layer1.0.conv1.weight", "layer4.0.conv1.weight", "fc.weight"], .resNet),
    (["Mixed_5b.branch1x1.conv.weight", "Conv2d_1a_3x3.conv.weight"], .inception),
  ]) func foreignNetworks(names: [String], expected: ForeignNetwork) {
    #expect(ForeignNetwork(names: names) == expected)
    #expect(!expected.description.contains("\n"))
  }

  @Test func namesOfAGeneratorAreNotForeign() throws {
    let names = try ModelFile.read(path: Self.tiny).network.tensors.keys.sorted()
    #expect(ForeignNetwork(names: names) == nil)
  }

  /// A cut file of our own still says what it was and which tensors are gone.
  @Test func aCutNativeFile() throws {
    let bytes = try native()
    let found = examine(Array(bytes.dropLast(100)))
    #expect(found.problem?.reason.contains("the file is cut off or damaged") == true)
    #expect(found.configuration?.resolution == 16)
    #expect(found.odd.map(\.what).allSatisfy { $0 == "the file ends before it does" })
    #expect(!found.odd.isEmpty)
    #expect(found.missing == [])
  }

  /// A cut pickle says within which tensor.
  @Test func aCutSnapshot() throws {
    let bytes = Array(try Data(contentsOf: URL(filePath: Self.tiny)))
    let found = examine(Array(bytes.prefix(bytes.count * 9 / 10)))
    let words = try #require(found.problem?.reason)
    #expect(words.contains("cut off"))
    #expect(words.contains("within G_ema.") || words.contains("within D."), "\(words)")
  }

  @Test func anImportKnowsWhereItCameFrom() throws {
    let found = examine(try native())
    #expect(found.problem == nil)
    #expect(found.isNative)
    #expect(found.origin?.file == "control_tiny.pkl")
    #expect(found.identity == found.origin?.sha256)
    #expect(found.identity != found.sha256)
  }

  /// All oddities at once, not only the first.
  @Test(.enabled(if: TestFixtures.shared != nil, "needs the shared fixtures"))
  func damagedSnapshots() throws {
    func examine(_ name: String) throws -> ModelExamination {
      try ModelExamination(
        path: try #require(TestFixtures.shared).appending(path: "hostile/" + name).path)
    }
    #expect(try examine("n04_missing_tensor.pkl").missing == ["synthesis.b8.conv1.weight"])
    #expect(
      try examine("n01_nan_weight.pkl").odd.map { "\($0.tensor): \($0.what)" }
        == ["synthesis.b8.conv0.weight: nan at element 17"])
    #expect(try examine("n11_negative_stride.pkl").odd.count == 1)
    #expect(try examine("n11_negative_stride.pkl").configuration?.resolution == 16)
    #expect(
      try examine("n16_no_generator.pkl").problem?.reason.hasPrefix(
        "no generator in it: it holds only a discriminator") == true)
  }
}
