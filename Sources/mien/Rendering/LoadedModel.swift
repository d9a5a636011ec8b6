import BundledModel
import FoundationEssentials
import Latents
import NN
import StyleGAN
import Tensors

/// The generator a command works with and what is known about its file.
struct LoadedModel: Sendable {
  static let bundledName = BundledModel.name

  let reference: ModelReference
  let generator: Generator
  /// The directions that came with the model.
  let attributes: [Direction]
  /// nil for the bundled model.
  let path: String?
  let byteCount: Int
  let licence: String?
  /// "safetensors", "NVIDIA PyTorch pickle", …
  let container: String
  /// What a person should know about how it was read.
  let notes: [String]

  var model: any LatentModel { generator }
  var configuration: GeneratorConfiguration { generator.configuration }

  /// - Parameter name: the bundled model's name or the path of a checkpoint.
  init(named name: String) throws {
    if name == LoadedModel.bundledName {
      let bytes = unsafe BundledModel.bytes
      // The file may call itself otherwise; presets and people know it by this name.
      self.init(
        try unsafe ModelFile.load(bytes: bytes, name: name), name: name, byteCount: bytes.count)
      return
    }
    guard
      name.contains(where: { "/.".contains($0) }) || FileManager.default.fileExists(atPath: name)
    else {
      throw Failure.failed(
        "there is no model '\(name)'; '\(LoadedModel.bundledName)' is built in, others are given as the path of a checkpoint"
      )
    }
    let model = try ModelFile.load(path: name)
    let size = try? FileManager.default.attributesOfItem(atPath: name)[.size] as? Int
    self.init(model, name: model.name, byteCount: size ?? 0)
  }

  private init(_ model: Model, name: String, byteCount: Int) {
    reference = ModelReference(name: name, sha256: model.sha256)
    generator = model.generator
    attributes = model.directions.map(Direction.init)
    path = model.path
    self.byteCount = byteCount
    licence = model.licence
    container = model.container
    notes = model.notes
  }

  /// Learned numbers, as papers count them: weights and biases of mapping and synthesis.
  var parameterCount: Int { Generator.census(configuration).trainedCount }
}
