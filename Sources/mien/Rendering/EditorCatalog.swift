import BundledModel
import Editor
import Files
import FoundationEssentials
import Latents
import StyleGAN

extension ModelCatalog {
  /// The bundled model, the installed ones, and the one the editor was started with.
  static func ofUser(startedWith first: LoadedModel, named firstName: String) -> ModelCatalog {
    let journals = StandardFolders.ofUser.stateHome + "/journal"
    let place = try? ModelPlace(named: firstName)
    var started: ModelListing?
    if case .file = place {
      started = ModelListing(id: firstName, name: first.reference.name, first.configuration)
    }
    let bundled = place == .bundled ? first.configuration : nil
    return ModelCatalog(
      models: { [started] in
        [bundledListing(bundled)] + installed + (started.map { [$0] } ?? [])
      },
      load: { listing, loading in
        loading.progress("reading")
        let loaded = try LoadedModel(named: listing.id)
        let directions = try loaded.directions(for: [], Interruption.never)
        return loaded.forEditor(id: listing.id, directions: directions)
      },
      services: { model in
        .files(
          presets: .ofUser, bundled: BundledPresets.all, journals: journals,
          model: model)
      })
  }

  private static func bundledListing(_ known: GeneratorConfiguration?) -> ModelListing {
    let name = BundledModel.name
    if let known { return ModelListing(id: name, name: name, known) }
    let bytes = unsafe Bytes(unsafeStatic: BundledModel.bytes)
    return listing(id: name, name: name) { () throws(ModelError) in
      try ModelFile.read(bytes, source: name).configuration
    }
  }

  private static var installed: [ModelListing] {
    InstalledModels.ofUser.entries.map { entry in
      listing(id: entry.name, name: entry.name) { () throws(ModelError) in
        try ModelFile.read(path: entry.path).configuration
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
