import Checkpoints

/// NVIDIA's TensorFlow pickles: a tuple (G, D, Gs) of Network objects, each with its variables and
/// the source text that would rebuild it, which is ignored here (numerics: TF pickles).
enum TensorFlowPickle {
  static let roles: [String: PickleVocabulary.Role] = [
    network: .record,
    "dnnlib.tflib.network.EasyDict": .dictionary,
  ]

  private static let network = "dnnlib.tflib.network.Network"

  static func isNetwork(_ value: PickleView) -> Bool { value.call?.name == network }

  /// The generator; nil where the pickle holds no such networks.
  static func read(_ root: PickleView, source: String) throws(ModelError) -> NetworkSource? {
    var network = NetworkSource(source: source, container: "NVIDIA TensorFlow pickle")
    let generator: PickleView
    if isNetwork(root) {
      generator = root
    } else if let networks = root.elements, !networks.isEmpty, networks.allSatisfy(isNetwork) {
      // Gs, the averaged weights, stands last.
      generator = networks[networks.count - 1]
      if networks.count != 3 {
        network.notes.append(
          "it holds \(networks.count) networks instead of G, D and Gs; the last is used")
      }
    } else {
      return nil
    }
    let parts = try Parts(generator, source: network)
    try parts.checkKind(network)
    let views = try parts.views(&network)
    let keywords = parts.keywords

    // StyleGAN1 styles a normalised picture, StyleGAN2 the weights.
    let isFirst = views.keys.contains { $0.hasSuffix("/StyleMod/weight") }
    let resolutions = views.keys.compactMap { name -> Int? in
      guard name.hasPrefix("synthesis/"), name.hasSuffix("/Conv1/weight") else { return nil }
      return Int(name.dropFirst("synthesis/".count).prefix { $0 != "x" })
    }
    let resolution = resolutions.max() ?? 4
    guard resolution.isPowerOfTwo, (4...4096).contains(resolution) else {
      throw network.error(
        .configuration("its largest block is \(resolution)², no resolution from 4 to 4096"))
    }
    var layers = 0
    while views["mapping/Dense\(layers)/weight"] != nil { layers += 1 }

    network.claims.resolution = keywords["resolution"]?.integer
    network.claims.imageChannels = keywords["num_channels"]?.integer
    network.claims.cDim = keywords["label_size"]?.integer
    network.claims.zDim = keywords["latent_size"]?.integer
    network.claims.mappingLearningRateMultiplier = keywords["mapping_lrmul"]?.number.map {
      Float($0)
    }
    if isFirst {
      network.claims.family = .styleGAN1
      try parts.checkStyleGAN1Keywords(network)
      NameMap.styleGAN1TensorFlow(
        resolution: resolution, mappingLayers: layers,
        isConditional: views["mapping/LabelConcat/weight"] != nil
      ).apply(to: views, in: &network)
      return network
    }
    network.claims.convClamp = keywords["conv_clamp"]?.number.map { Float($0) }
    var architecture = GeneratorConfiguration.Architecture.orig
    if let name = keywords["architecture"]?.text {
      guard let known = GeneratorConfiguration.Architecture(rawValue: name) else {
        throw network.error(
          .unsupported("its architecture is \(name); skip, resnet and orig are supported"))
      }
      architecture = known
    } else if views.keys.contains(where: { $0.hasSuffix("/Skip/weight") }) {
      architecture = .resnet
    } else if resolution == 4
      || views.keys.contains(where: { $0.hasPrefix("synthesis/4x4/ToRGB/") })
    {
      architecture = .skip
    }
    network.claims.architecture = architecture
    try parts.checkKeywords(network)
    NameMap.tensorFlow(
      resolution: resolution, mappingLayers: layers, architecture: architecture,
      isConditional: views["mapping/LabelEmbed/weight"] != nil
    ).apply(to: views, in: &network)
    return network
  }

  /// A network and its components.
  private struct Parts {
    let state: PickleView
    let keywords: PickleView
    let components: [(name: String, state: PickleView)]

    init(_ value: PickleView, source: NetworkSource) throws(ModelError) {
      state = try Self.state(value, path: "Gs", source: source)
      guard let keywords = state["static_kwargs"], keywords.entries != nil else {
        throw source.error(.persistence(path: "Gs", what: "it lacks static_kwargs"))
      }
      self.keywords = keywords
      var components: [(name: String, state: PickleView)] = []
      for (key, value) in state["components"]?.entries ?? [] {
        guard let name = key.text else { continue }
        components.append((name, try Self.state(value, path: name, source: source)))
      }
      self.components = components
    }

    private static func state(
      _ value: PickleView, path: String, source: NetworkSource
    ) throws(ModelError) -> PickleView {
      guard isNetwork(value), let state = value.call?.state, state.entries != nil else {
        throw source.error(.persistence(path: path, what: "it is \(value.summary), not a network"))
      }
      let version = state["version"]?.integer
      guard let version, (2...5).contains(version) else {
        throw source.error(
          .persistence(
            path: path,
            what: "its state version is \(version.map(String.init) ?? "missing"), expected 2 to 5"))
      }
      return state
    }

    /// All variables by their path: component / name.
    func views(_ source: inout NetworkSource) throws(ModelError) -> [String: TensorView] {
      var views: [String: TensorView] = [:]
      for (prefix, state) in [("", state)] + components.map({ ($0.name + "/", $0.state) }) {
        for variable in state["variables"]?.elements ?? [] {
          guard let pair = variable.elements, pair.count == 2, let name = pair[0].text else {
            throw source.error(
              .persistence(path: prefix + "variables", what: "one is \(variable.summary)"))
          }
          let path = prefix + name
          do {
            guard let view = try NumPyObjects.array(pair[1]) else { continue }
            views[path] = view
          } catch {
            source.damages.append(source.error(.tensor(name: path, reason: error.description)))
          }
        }
      }
      return views
    }

    /// Refuses networks of other families by what they were built with.
    func checkKind(_ source: NetworkSource) throws(ModelError) {
      let function = state["build_func_name"]?.text ?? "nothing"
      if function.hasPrefix("D_") {
        throw source.error(.notAGenerator(found: "only a discriminator (\(function))"))
      }
      guard components.contains(where: { $0.name == "synthesis" }),
        components.contains(where: { $0.name == "mapping" })
      else {
        throw source.error(.notAGenerator(found: "a network built by \(function)"))
      }
      let synthesis = components.first { $0.name == "synthesis" }?.state
      if synthesis?["build_func_name"]?.text == "G_synthesis_stylegan_revised" {
        throw source.error(
          .unsupported("it is a progressively grown \"revised StyleGAN\", which is not supported"))
      }
    }

    /// The same for StyleGAN1.
    func checkStyleGAN1Keywords(_ source: NetworkSource) throws(ModelError) {
      let usual: [(String, (PickleView) -> Bool)] = [
        ("nonlinearity", { $0.text == "lrelu" }), ("mapping_nonlinearity", { $0.text == "lrelu" }),
        ("normalize_latents", { $0.bool != false }), ("use_styles", { $0.bool != false }),
        ("const_input_layer", { $0.bool != false }), ("use_wscale", { $0.bool != false }),
        ("use_pixel_norm", { $0.bool != true }), ("use_instance_norm", { $0.bool != false }),
        ("blur_filter", { $0.elements?.map { $0.number ?? 0 } == [1, 2, 1] }),
      ]
      for (key, isUsual) in usual {
        if let value = keywords[key], !isUsual(value) {
          throw source.error(
            .unsupported("its \(key) is not the usual one, which is not supported"))
        }
      }
    }

    /// Settings that change the result in ways the generator here has no place for.
    func checkKeywords(_ source: NetworkSource) throws(ModelError) {
      func require(_ key: String, _ isUsual: (PickleView) -> Bool) throws(ModelError) {
        if let value = keywords[key], !isUsual(value) {
          throw source.error(
            .unsupported("its \(key) is not the usual one, which is not supported"))
        }
      }
      try require("nonlinearity") { $0.text == "lrelu" }
      try require("mapping_nonlinearity") { $0.text == "lrelu" }
      try require("normalize_latents") { $0.bool != false }
      try require("fused_modconv") { _ in true }
      try require("resample_kernel") {
        $0.elements?.map { $0.number ?? 0 } == [1, 3, 3, 1]
      }
      if (keywords["label_size"]?.integer ?? 0) > 0,
        let mapping = components.first(where: { $0.name == "mapping" })?.state,
        mapping["variables"]?.elements?.contains(where: {
          $0.elements?.first?.text?.hasPrefix("LabelEmbed") == true
        }) != true
      {
        throw source.error(
          .unsupported(
            "it is conditional in the way of the first StyleGAN2 code, which is not supported"))
      }
    }
  }
}
