import Checkpoints

/// Generators in files of torch.save: rosinality's and genforce's checkpoints, and bare state
/// dictionaries.
enum TorchModel {
  /// Where a generator may lie in a checkpoint, the averaged weights first.
  private static let places = [
    "g_ema", "generator_smooth", "G_ema", "params_ema", "ema", "generator", "g", "G", "state_dict",
    "params", "model",
  ]
  private static let averaged: Set = ["g_ema", "generator_smooth", "G_ema", "params_ema", "ema"]

  static func read(_ archive: TorchArchive, source: String) throws(ModelError) -> NetworkSource {
    let container = "PyTorch checkpoint (\(archive.form.rawValue))"
    for place in places {
      guard let inner = archive.root[place], inner.entries != nil else { continue }
      var views = try views(inner, in: archive, path: place, source: source)
      // rosinality keeps the average of w beside the network.
      if let average = archive.root["latent_avg"] {
        views["latent_avg"] = try view(average, in: archive, path: "latent_avg", source: source)
      }
      guard let dictionary = StateDictionary(views) else { continue }
      var network = try dictionary.network(source: source, container: container)
      if !averaged.contains(place), archive.root.entries?.count ?? 0 > 1 {
        network.notes.append(
          "no averaged weights in it: \(place), the network as it was trained, is used")
      }
      return network
    }
    let views = try views(archive.root, in: archive, path: "", source: source)
    guard let dictionary = StateDictionary(views) else {
      throw ModelError(source, .notAGenerator(found: archive.root.summary))
    }
    return try dictionary.network(source: source, container: container)
  }

  private static func view(
    _ value: PickleView, in archive: TorchArchive, path: String, source: String
  ) throws(ModelError) -> TensorView? {
    do {
      return try archive.tensors.tensor(value)
    } catch { throw ModelError(source, .tensor(name: path, reason: error.description)) }
  }

  /// The tensors directly in a dictionary, "module." of data-parallel training removed.
  private static func views(
    _ dictionary: PickleView, in archive: TorchArchive, path: String, source: String
  ) throws(ModelError) -> [String: TensorView] {
    var views: [String: TensorView] = [:]
    for (key, value) in dictionary.entries ?? [] {
      guard let name = key.text else { continue }
      let full = path.isEmpty ? name : path + "." + name
      guard let view = try view(value, in: archive, path: full, source: source) else { continue }
      views[name.hasPrefix("module.") ? String(name.dropFirst("module.".count)) : name] = view
    }
    return views
  }
}
