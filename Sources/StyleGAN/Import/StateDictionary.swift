import Checkpoints

/// Named tensors of some training code, told apart by the names they use.
struct StateDictionary {
  /// Whose names these are.
  enum Layout {
    case ada, rosinality, genforce, styleGAN1Genforce, styleGAN1InterFaceGAN, styleGAN3
    /// Recognised, but not supported: what it is.
    case other(String)
  }

  let views: [String: TensorView]
  let layout: Layout

  /// nil where the names are no known generator's.
  init?(_ views: [String: TensorView]) {
    self.views = views
    func has(_ names: String...) -> Bool { names.allSatisfy { views[$0] != nil } }
    func hasPrefix(_ prefixes: String...) -> Bool {
      prefixes.allSatisfy { prefix in views.keys.contains { $0.hasPrefix(prefix) } }
    }
    if hasPrefix("synthesis.b4.", "mapping.fc") {
      layout = .ada
    } else if hasPrefix("conv1.conv.", "to_rgb", "style.") || has("input.input") {
      layout = .rosinality
    } else if hasPrefix("synthesis.early_layer.") {
      layout = .genforce
    } else if has("synthesis.layer0.const") {
      layout = .styleGAN1Genforce
    } else if has("synthesis.layer0.first_layer") {
      layout = .styleGAN1InterFaceGAN
    } else if hasPrefix("synthesis.blocks.4x4.") {
      layout = .other("it is a StyleGAN1 generator in a layout that is not supported")
    } else if hasPrefix("synthesis.input.", "synthesis.L0_") {
      layout = .styleGAN3
    } else {
      return nil
    }
  }

  func network(source: String, container: String) throws(ModelError) -> NetworkSource {
    var network = NetworkSource(source: source, container: container)
    switch layout {
    case .other(let what): throw network.error(.unsupported(what))
    case .styleGAN3:
      throw network.error(
        .unsupported(
          "it is a StyleGAN3 state dictionary without the schedule of its layers; the .pkl it was "
            + "made from has it"))
    case .ada:
      for (name, view) in views where name.hasPrefix("synthesis.") || name.hasPrefix("mapping.") {
        network.tensors[name] = SourceTensor(view)
      }
      network.unusedNames = views.keys.filter { network.tensors[$0] == nil }.sorted()
    case .rosinality:
      let toRGBs = count("to_rgbs.", from: 0)
      let resolution = try resolution(blocks: toRGBs, network)
      network.claims.resolution = resolution
      network.claims.architecture = .skip
      NameMap.rosinality(resolution: resolution, mappingLayers: count("style.", from: 1))
        .apply(to: views, in: &network)
      network.drawsMissingNoise = true
      if views["latent_avg"] == nil { network.computesWAverage = true }
    case .genforce:
      let resolution = try resolution(blocks: count("synthesis.output", from: 1), network)
      network.claims.resolution = resolution
      network.claims.architecture = .skip
      NameMap.genforce(resolution: resolution, mappingLayers: count("mapping.dense", from: 0))
        .apply(to: views, in: &network)
      if views["truncation.w_avg"] == nil { network.computesWAverage = true }
    case .styleGAN1Genforce, .styleGAN1InterFaceGAN:
      let layers = count("synthesis.layer", from: 0)
      guard layers >= 2, layers.isMultiple(of: 2) else {
        throw network.error(.configuration("it has \(layers) layers, expected an even number"))
      }
      let resolution = try resolution(blocks: layers / 2 - 1, network)
      network.claims.family = .styleGAN1
      network.claims.resolution = resolution
      let mappingLayers = count("mapping.dense", from: 0)
      let map: NameMap =
        if case .styleGAN1Genforce = layout {
          .styleGAN1Genforce(resolution: resolution, mappingLayers: mappingLayers)
        } else {
          .styleGAN1InterFaceGAN(resolution: resolution, mappingLayers: mappingLayers)
        }
      map.apply(to: views, in: &network)
      if views["truncation.w_avg"] == nil { network.computesWAverage = true }
    }
    return network
  }

  /// How many consecutive numbers follow the prefix: 3 for "style.1.…", "style.2.…", "style.3.…".
  private func count(_ prefix: String, from first: Int) -> Int {
    let numbers = Set(
      views.keys.compactMap { name in
        name.hasPrefix(prefix)
          ? Int(name.dropFirst(prefix.count).prefix { $0.isWholeNumber }) : nil
      })
    var number = first
    while numbers.contains(number) { number += 1 }
    return number - first
  }

  private func resolution(blocks: Int, _ network: NetworkSource) throws(ModelError) -> Int {
    guard blocks <= 10 else {
      throw network.error(.configuration("it has \(blocks + 1) resolutions, expected at most 11"))
    }
    return 4 << blocks
  }
}
