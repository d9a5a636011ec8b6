import Checkpoints
import Files
import Foundation
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// Models turned into our own form.
@Suite struct ModelImportTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mien-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func remove() { try? FileManager.default.removeItem(at: folder) }
  private var target: String { folder.appending(path: "model.safetensors").path }
  private static let tiny = TestFixtures.committed("hostile/control_tiny.pkl").path

  @discardableResult
  private func convert(
    _ path: String, _ precision: ModelImport.Precision = .f32
  ) throws -> ModelImport.Result? {
    try ModelImport(path: path).write(
      to: target, name: "given", precision: precision, licence: "for tests only",
      progress: { _ in }, isCancelled: { false })
  }

  private static let networks = [
    "sg2ada_cond/network.pkl", "sg2ada_fp16/network.pkl", "sg2ada_resnet/network.pkl",
    "sg2ada_orig/network.pkl", "sg3repo_sg2_gray/network.pkl", "sg1_fused/network_tf.pkl",
    "sg1_plain/genforce.pth", "sg3_t/network.pkl", "sg3_r/network.pkl", "sg3_t_cond/network.pkl",
    "rosinality/training_000010.pt", "tf_ada_cond/network.pkl",
  ]

  /// Configuration and every number survive, so pictures are the same bit for bit.
  @Test(arguments: networks) func nothingIsLost(file: String) throws {
    defer { remove() }
    guard
      let path = [TestFixtures.shared?.appending(path: file), TestFixtures.committed(file)]
        .compactMap({ $0?.path }).first(where: { FileManager.default.fileExists(atPath: $0) })
    else { return }
    let original = try ModelFile.load(path: path)
    let result = try #require(try convert(path))
    #expect(result.origin.sha256 == SHA256.hex(of: try MappedFile(path: path)))
    let copy = try ModelFile.load(path: target)
    #expect(copy.configuration == original.configuration)
    #expect(copy.name == "given")
    #expect(copy.licence == "for tests only")
    // Presets know both as one model.
    #expect(copy.sha256 == original.sha256)
    #expect(copy.generator.wAverage.values == original.generator.wAverage.values)
    let configuration = original.configuration
    var random = NumPyRandomState(seed: 5)
    let z = Tensor(random.standardNormal(configuration.zDim), shape: [1, configuration.zDim])
    let classes = configuration.cDim > 0 ? [configuration.cDim - 1] : nil
    func picture(_ generator: Generator) throws -> [Float] {
      let w = generator.map(z: z, classIndices: classes).values
      let ws = Tensor(
        (0..<configuration.numWs).flatMap { _ in w },
        shape: [configuration.numWs, configuration.wDim])
      return try #require(
        generator.synthesize(ws: ws, noise: .const, upTo: nil, isCancelled: { false })
      ).values
    }
    #expect(try picture(copy.generator) == picture(original.generator))
  }

  @Test func halfPrecisionKeepsSmallTensors() throws {
    defer { remove() }
    try convert(Self.tiny, .f16)
    let file = try Safetensors(try MappedFile(path: target).bytes)
    #expect(file.views["synthesis.b8.conv0.weight"]?.type == .float16)
    #expect(file.views["synthesis.b8.conv0.bias"]?.type == .float32)
    #expect(file.views["synthesis.b8.conv0.noise_const"]?.type == .float32)
    let original = try ModelFile.load(path: Self.tiny)
    let copy = try ModelFile.load(path: target)
    // Not the same numbers, so not the same model to presets.
    #expect(copy.sha256 != original.sha256)
    #expect(copy.sha256.count == 64)
    #expect(copy.generator.wAverage.values == original.generator.wAverage.values)
  }

  /// An import of an import is still the first file's model.
  @Test func theOriginIsHandedOn() throws {
    defer { remove() }
    let first = try #require(try convert(Self.tiny))
    let copy = folder.appending(path: "copy.safetensors").path
    let second = try #require(
      try ModelImport(path: target).write(
        to: copy, name: "again", precision: .f32, licence: nil, progress: { _ in },
        isCancelled: { false }))
    #expect(second.origin.sha256 == first.origin.sha256)
    #expect(try ModelFile.load(path: copy).licence == "for tests only")
  }

  /// Whenever it is cancelled, nothing lies about.
  @Test(arguments: [0, 1, 5, 40, 60, 80]) func cancelledAtAnyTime(after steps: Int) throws {
    defer { remove() }
    var asked = 0
    let result = try ModelImport(path: Self.tiny).write(
      to: target, name: "given", precision: .f32, licence: nil, progress: { _ in },
      isCancelled: {
        asked += 1
        return asked > steps
      })
    #expect(result == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func progressRunsToTheEnd() throws {
    defer { remove() }
    var shares: [Double] = []
    _ = try ModelImport(path: Self.tiny).write(
      to: target, name: "given", precision: .f32, licence: nil,
      progress: { shares.append($0) }, isCancelled: { false })
    #expect(shares == shares.sorted())
    #expect(shares.last == 1)
  }

  // MARK: Verification

  @Test func anIntactImportIsVerified() throws {
    defer { remove() }
    try convert(Self.tiny)
    let result = try #require(try ModelVerification(path: target))
    #expect(result.hasRecordedHash)
    #expect(result.tensorCount > 40)
  }

  /// One bit of one weight.
  @Test func aChangedNumberIsNoticed() throws {
    defer { remove() }
    try convert(Self.tiny)
    var bytes = try Data(contentsOf: URL(filePath: target))
    bytes[bytes.count - 9] ^= 1
    try bytes.write(to: URL(filePath: target))
    #expect {
      try ModelVerification(path: target)
    } throws: { error in
      "\(error)".hasPrefix("\(target): it has changed since it was imported")
    }
  }

  @Test func aFileWithoutAHashIsReadAllTheSame() throws {
    let result = try #require(try ModelVerification(path: Self.tiny))
    #expect(!result.hasRecordedHash)
  }
}
