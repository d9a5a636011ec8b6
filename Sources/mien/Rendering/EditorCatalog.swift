import BundledModel
import Editor
import Files
import FoundationEssentials
import Latents
import StyleGAN

extension ModelCatalog {
  /// The bundled model, the installed ones, and the one the editor was started with.
  static func ofUser(startedWith first: LoadedModel, named firstName: String) -> ModelCatalog {
    let folders = StandardFolders.ofUser
    let bundled = first.path == nil ? first.configuration : nil
    let started =
      first.path == nil
      ? nil
      : ModelListing(id: firstName, name: first.reference.name, first.configuration)
    return ModelCatalog(
      models: {
        var models = [bundledListing(bundled)] + installed(in: folders.models)
        if let started, !models.contains(where: { $0.id == started.id }) { models.append(started) }
        return models
      },
      load: { listing, loading in
        loading.progress("reading")
        let loaded = try LoadedModel(named: listing.id)
        let directions = try loaded.directions(for: [], Interruption.never)
        return loaded.forEditor(id: listing.id, directions: directions)
      },
      services: { model in
        .files(
          presets: .ofUser, bundled: BundledPresets.all, journals: folders.stateHome + "/journal",
          model: model)
      })
  }

  private static func bundledListing(_ known: GeneratorConfiguration?) -> ModelListing {
    let name = LoadedModel.bundledName
    if let known { return ModelListing(id: name, name: name, known) }
    let bytes = unsafe Bytes(unsafeStatic: BundledModel.bytes)
    return listing(id: name, name: name) { () throws(ModelError) in
      try ModelFile.read(bytes, source: name).configuration
    }
  }

  private static func installed(in folder: String) -> [ModelListing] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".safetensors") }.sorted().map { name in
      let path = folder + "/" + name
      return listing(id: path, name: String(name.dropLast(".safetensors".count))) {
        () throws(ModelError) in try ModelFile.read(path: path).configuration
      }
    }
  }

  private static func listing(
    id: String, name: String, _ configuration: () throws(ModelError) -> GeneratorConfiguration
  ) -> ModelListing {
    do {
      return ModelListing(id: id, name: name, try configuration())
    } catch {
      return ModelListing(
        id: id, name: name, family: "", resolution: 0,
        problem: error.description.replacing(error.source + ": ", with: "", maxReplacements: 1))
    }
  }
}

extension ModelListing {
  fileprivate init(id: String, name: String, _ configuration: GeneratorConfiguration) {
    self.init(
      id: id, name: name, family: configuration.family.title,
      resolution: configuration.resolution)
  }
}
