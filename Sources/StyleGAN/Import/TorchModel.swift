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
      var (views, damages) = tensors(inner, in: archive, path: place, source: source)
      // rosinality keeps the average of w beside the network.
      if let average = archive.root["latent_avg"] {
        do {
          views["latent_avg"] = try archive.tensors.tensor(average)
        } catch {
          damages.append(
            ModelError(source, .tensor(name: "latent_avg", reason: error.description)))
        }
      }
      guard let dictionary = StateDictionary(views) else { continue }
      var network = try dictionary.network(source: source, container: container)
      network.damages = damages
      if !averaged.contains(place), archive.root.entries?.count ?? 0 > 1 {
        network.notes.append(
          "no averaged weights in it: \(place), the network as it was trained, is used")
      }
      // The training script's own arguments.
      if let path = (archive.root["args"]?.call?.state ?? archive.root["args"])?["path"]?.text {
        network.trainingData.append(path)
      }
      return network
    }
    let (views, damages) = tensors(archive.root, in: archive, path: "", source: source)
    guard let dictionary = StateDictionary(views) else {
      if let network = ForeignNetwork(names: names(archive)) {
        throw ModelError(source, .otherNetwork(network))
      }
      if let damage = damages.first { throw damage }
      throw ModelError(source, .notAGenerator(found: archive.root.summary))
    }
    var network = try dictionary.network(source: source, container: container)
    network.damages = damages
    return network
  }

  /// The tensors directly in a dictionary, "module." of data-parallel training removed.
  private static func tensors(
    _ dictionary: PickleView, in archive: TorchArchive, path: String, source: String
  ) -> (views: [String: TensorView], damages: [ModelError]) {
    var views: [String: TensorView] = [:]
    var damages: [ModelError] = []
    for (key, value) in dictionary.entries ?? [] {
      guard let name = key.text else { continue }
      do {
        guard let view = try archive.tensors.tensor(value) else { continue }
        views[name.hasPrefix("module.") ? String(name.dropFirst("module.".count)) : name] = view
      } catch {
        let full = path.isEmpty ? name : path + "." + name
        damages.append(ModelError(source, .tensor(name: full, reason: error.description)))
      }
    }
    return (views, damages)
  }

  /// The names in the dictionary and in those directly in it.
  private static func names(_ archive: TorchArchive) -> [String] {
    (archive.root.entries ?? []).flatMap { key, value -> [String] in
      guard let name = key.text else { return [] }
      guard let inner = value.entries else { return [name] }
      return inner.compactMap { $0.key.text }
    }
  }
}
