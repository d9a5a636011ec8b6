import BundledModel
import Latents
import StyleGAN

/// The generator a command works with and what is known about its file.
struct LoadedModel: Sendable {
  static let bundledName = BundledModel.name

  let reference: ModelReference
  let generator: Generator
  /// The directions that came with the model.
  let attributes: [Direction]

  var model: any LatentModel { generator }
  var configuration: GeneratorConfiguration { generator.configuration }

  /// - Parameter name: the bundled model's name, an installed one's, or the path of a checkpoint.
  init(named name: String) throws {
    switch try ModelPlace(named: name) {
    case .bundled:
      let bytes = unsafe BundledModel.bytes
      // The file may call itself otherwise; presets and people know it by this name.
      self.init(
        try unsafe ModelFile.load(bytes: bytes, name: name), name: name)
    case .installed(let name, let path):
      self.init(try ModelFile.load(path: path), name: name)
    case .file(let path):
      let model = try ModelFile.load(path: path)
      self.init(model, name: model.name)
    }
  }

  private init(_ model: Model, name: String) {
    reference = ModelReference(name: name, sha256: model.sha256)
    generator = model.generator
    attributes = model.directions.map(Direction.init)
    generator.takeFastestWay()
  }
}
