import Checkpoints
import Files
import Foundation
import StyleGAN
import Tensors
import TestFixtures
import Testing

/// Models in our own form: safetensors with a description under `mien` in the metadata.
@Suite struct NativeModelTests {
  let folder: URL
  let tensors: [(name: String, tensor: Tensor)]
  let description =
    #"{"format": "mien.model/1", "name": "tiny", "family": "stylegan2", "resolution": 16, "z_dim": 16, "w_dim": 16, "directions": [{"name": "smile", "tensor": "directions.smile", "rows": "0-3", "r2": 0.5}], "card": [{"topic": "Data", "text": "None."}]}"#

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "mien-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let path = TestFixtures.committed("hostile/control_tiny.pkl").path
    let network = try ModelFile.read(path: path).network
    tensors =
      try network.tensors.keys.sorted().filter { !$0.hasSuffix("resample_filter") }
      .map { ($0, try network.tensor($0)) }
      + [("directions.smile", Tensor(repeating: 0.25, shape: [16]))]
  }

  private func save(
    _ tensors: [(name: String, tensor: Tensor)], as type: ElementType = .float32,
    description: String? = nil
  ) throws -> String {
    let path = folder.appending(path: "model.safetensors").path
    try Safetensors.save(
      tensors, as: type, metadata: ["mien": description ?? self.description], to: path)
    return path
  }

  private func expectError(_ reason: String, path: String) {
    #expect {
      try ModelFile.load(path: path)
    } throws: { error in
      #expect("\(error)" == "\(path): \(reason)")
      return true
    }
    try? FileManager.default.removeItem(at: folder)
  }

  @Test func roundTrip() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = try save(tensors)
    let model = try ModelFile.load(path: path)
    #expect(model.name == "tiny")
    #expect(model.path == path)
    #expect(model.sha256 == SHA256.hex(of: try MappedFile(path: path)))
    #expect(model.configuration.blockChannels == [8, 8, 8])
    #expect(model.directions.map(\.name) == ["smile"])
    #expect(model.directions[0].rows == "0-3")
    #expect(model.directions[0].r2 == 0.5)
    #expect(model.directions[0].kind == "attribute")
    #expect(
      try ModelExamination(path: path).card.map { [$0.topic, $0.text] } == [["Data", "None."]])
    #expect(model.directions[0].vector.values == [Float](repeating: 0.25, count: 16))
    let contents = try ModelFile.read(path: path)
    for (name, tensor) in tensors where !name.hasPrefix("directions.") {
      #expect(try contents.network.tensor(name).values == tensor.values, "\(name)")
    }
  }

  @Test func halfPrecisionIsRounded() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let contents = try ModelFile.read(path: try save(tensors, as: .float16))
    for (name, tensor) in tensors where !name.hasPrefix("directions.") {
      let rounded = tensor.values.map { Float(Float16($0)) }
      #expect(try contents.network.tensor(name).values == rounded, "\(name)")
    }
  }

  @Test func layersWithoutNoiseGetZeros() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let silent = tensors.filter { !$0.name.contains("b8.conv0.noise") }
    let contents = try ModelFile.read(path: try save(silent))
    #expect(
      try contents.network.tensor("synthesis.b8.conv0.noise_const").values
        == [Float](repeating: 0, count: 64))
    let half = tensors.filter { $0.name != "synthesis.b8.conv0.noise_const" }
    expectError("tensor synthesis.b8.conv0.noise_const is missing", path: try save(half))
  }

  @Test func missingTensor() throws {
    let path = try save(tensors.filter { $0.name != "mapping.fc0.bias" })
    expectError("tensor mapping.fc0.bias is missing", path: path)
  }

  @Test func wrongShape() throws {
    let path = try save(
      tensors.map { $0.name == "mapping.w_avg" ? ($0.name, Tensor(zeros: [15])) : $0 })
    expectError("tensor mapping.w_avg has shape [15], expected [16]", path: path)
  }

  @Test func notFinite() throws {
    let path = try save(
      tensors.map {
        $0.name == "mapping.w_avg" ? ($0.name, Tensor(repeating: .nan, shape: [16])) : $0
      })
    expectError("tensor mapping.w_avg holds nan at element 0", path: path)
  }

  @Test func directionOfAnotherSize() throws {
    let path = try save(
      tensors.map { $0.name == "directions.smile" ? ($0.name, Tensor(zeros: [12])) : $0 })
    expectError("tensor directions.smile has shape [12], expected [16]", path: path)
  }

  @Test func directionWithoutTensor() throws {
    let path = try save(tensors.filter { $0.name != "directions.smile" })
    expectError("tensor directions.smile is missing", path: path)
  }

  @Test(arguments: [
    (
      #"{"format": "mien.model/2"}"#,
      "its model description has the format mien.model/2, expected mien.model/1"
    ),
    (#"{"name": "x"}"#, "its model description is damaged: no format"),
    (
      "{",
      "its model description is damaged: no valid JSON: a key expected at byte 1"
    ),
    (
      #"{"format": "mien.model/1", "family": "stylegan9"}"#,
      "its family is stylegan9; stylegan1, stylegan2 and stylegan3 are supported"
    ),
    (
      #"{"format": "mien.model/1", "resolution": 32}"#,
      "it says its resolution is 32, but its blocks end at 16"
    ),
    (
      #"{"format": "mien.model/1", "mapping_layers": 3}"#,
      "it says it has 3 mapping layers, but holds 2"
    ),
    (
      #"{"format": "mien.model/1", "z_dim": "many"}"#,
      #"its model description is damaged: "z_dim" is a text, expected an integer"#
    ),
    (
      #"{"format": "mien.model/1", "architecture": "tall"}"#,
      "its model description is damaged: the architecture tall is unknown"
    ),
    (#"{"format": "mien.model/1", "conv_clamp": -1}"#, "its conv_clamp is -1.0"),
  ])
  func description(text: String, reason: String) throws {
    expectError(reason, path: try save(tensors, description: text))
  }

  @Test func withoutADescription() throws {
    let path = folder.appending(path: "plain.safetensors").path
    try Safetensors.save([("a", Tensor(zeros: [2]))], to: path)
    expectError(
      "no generator in it: it holds safetensors without a model description (a, …)", path: path)
  }

  @Test func unsupportedFilter() throws {
    let filter = Tensor(repeating: 1 / 16, shape: [4, 4])
    let path = try save(tensors + [("synthesis.b8.resample_filter", filter)])
    expectError(
      "synthesis.b8.resample_filter is not the filter [1, 3, 3, 1], the only one supported",
      path: path)
  }
}
