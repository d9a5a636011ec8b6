import Checkpoints

/// NVIDIA's PyTorch snapshots (stylegan2-ada-pytorch, stylegan3): a dictionary with G, D and G_ema,
/// each a tree of modules whose source text travels along and is ignored here
/// (numerics: NVIDIA PyTorch snapshot).
enum NVIDIAPickle {
  static let vocabulary = PickleVocabulary.torch.adding([
    reconstruct: .record,
    "dnnlib.util.EasyDict": .dictionary,
  ])

  private static let reconstruct = "torch_utils.persistence._reconstruct_persistent_obj"

  /// Whether the value is one of these modules.
  static func isModule(_ value: PickleView) -> Bool { value.call?.name == reconstruct }

  /// The generator of a snapshot, or of a single pickled network.
  /// - Returns: nil where the pickle holds no such modules at all.
  static func read(_ root: PickleView, source: String) throws(ModelError) -> NetworkSource? {
    var network = NetworkSource(source: source, container: "NVIDIA PyTorch pickle")
    let generator: PickleView
    if isModule(root) {
      generator = root
    } else if let average = root["G_ema"], isModule(average) {
      generator = average
    } else if let raw = root["G"], isModule(raw) {
      generator = raw
      network.notes.append("no G_ema in it: G, the network without averaged weights, is used")
    } else if let other = root.entries?.first(where: { isModule($0.value) }) {
      let kind = other.value.call?.arguments.first?["class_name"]?.text ?? "unnamed"
      throw network.error(
        .notAGenerator(
          found: kind == "Discriminator"
            ? "only a discriminator (\(root.summary))"
            : "a network of class \(kind) (\(root.summary))"))
    } else {
      return nil
    }
    for key in ["path", "name"] {
      if let text = root["training_set_kwargs"]?[key]?.text { network.trainingData.append(text) }
    }
    let module = try Module(generator, path: "G_ema", source: network)
    try network.read(module)
    return network
  }

  /// One persistent object.
  struct Module {
    let path: String
    let className: String
    let state: PickleView

    init(_ value: PickleView, path: String, source: NetworkSource) throws(ModelError) {
      guard let call = value.call, call.name == reconstruct, let meta = call.arguments.first else {
        throw source.error(.persistence(path: path, what: "it is \(value.summary), not a module"))
      }
      let type = meta["type"]?.text
      guard type == "class" else {
        throw source.error(
          .persistence(
            path: path, what: "its persistent type is \(type ?? "missing"), expected class"))
      }
      let version = meta["version"]?.integer
      guard let version, (1...6).contains(version) else {
        throw source.error(
          .persistence(
            path: path,
            what: "its persistence version is \(version.map(String.init) ?? "missing"), expected 6")
        )
      }
      guard let name = meta["class_name"]?.text, let state = meta["state"], state.entries != nil
      else {
        throw source.error(.persistence(path: path, what: "it lacks a class name or state"))
      }
      self.path = path
      className = name
      self.state = state
    }

    func named(_ group: String) -> [(name: String, value: PickleView)] {
      (state[group]?.entries ?? []).compactMap { entry in
        entry.key.text.map { ($0, entry.value) }
      }
    }
  }
}

extension NetworkSource {
  /// Walks the module tree; names are the paths through it.
  fileprivate mutating func read(_ root: NVIDIAPickle.Module) throws(ModelError) {
    guard root.className == "Generator" else {
      throw error(
        .notAGenerator(
          found: root.className == "Discriminator"
            ? "only a discriminator" : "a network of class \(root.className)"))
    }
    claims.zDim = root.state["z_dim"]?.integer
    claims.wDim = root.state["w_dim"]?.integer
    claims.cDim = root.state["c_dim"]?.integer
    claims.resolution = root.state["img_resolution"]?.integer
    claims.imageChannels = root.state["img_channels"]?.integer

    var waiting = [(name: "", module: root)]
    while let (name, module) = waiting.popLast() {
      try note(module, at: name)
      for group in ["_parameters", "_buffers"] {
        for (leaf, value) in module.named(group) where !value.isNone {
          let full = name.isEmpty ? leaf : name + "." + leaf
          do {
            guard let view = try TorchTensors().tensor(value) else {
              throw error(.tensor(name: full, reason: "it is \(value.summary), not a tensor"))
            }
            tensors[full] = SourceTensor(view)
          } catch let problem as TorchError {
            damages.append(error(.tensor(name: full, reason: problem.description)))
          } catch let problem as ModelError {
            damages.append(problem)
          } catch { preconditionFailure("no other error is thrown here") }
        }
      }
      for (child, value) in module.named("_modules").reversed() where !value.isNone {
        let full = name.isEmpty ? child : name + "." + child
        // The deepest path is synthesis.b4.conv1.affine; cycles end here too.
        guard full.split(separator: ".").count <= 4 else {
          throw error(.persistence(path: full, what: "modules are nested too deeply"))
        }
        let inner = try NVIDIAPickle.Module(value, path: full, source: self)
        if let expected = Self.expectedClass(of: child), inner.className != expected {
          throw error(.moduleClass(path: full, found: inner.className, expected: expected))
        }
        waiting.append((full, inner))
      }
    }
  }

  private static func expectedClass(of name: String) -> String? {
    switch name {
    case "mapping": "MappingNetwork"
    case "synthesis": "SynthesisNetwork"
    case "conv0", "conv1": "SynthesisLayer"
    case "input": "SynthesisInput"
    case "torgb": "ToRGBLayer"
    case "skip": "Conv2dLayer"
    case "affine", "embed": "FullyConnectedLayer"
    default:
      if name.hasPrefix("fc"), Int(name.dropFirst(2)) != nil {
        "FullyConnectedLayer"
      } else if name.hasPrefix("b"), Int(name.dropFirst()) != nil {
        "SynthesisBlock"
      } else if name.hasPrefix("L"), name.dropFirst().first?.isWholeNumber == true {
        "SynthesisLayer"
      } else {
        nil
      }
    }
  }

  /// What a module's plain attributes say about the network.
  private mutating func note(
    _ module: NVIDIAPickle.Module, at name: String
  ) throws(ModelError) {
    func require(_ attribute: String, _ expected: String) throws(ModelError) {
      if let found = module.state[attribute]?.text, found != expected {
        throw error(
          .unsupported("\(name) uses the \(attribute) \(found); only \(expected) is supported"))
      }
    }
    switch module.className {
    case "MappingNetwork":
      claims.mappingLayers = module.state["num_layers"]?.integer
    case "FullyConnectedLayer" where name.hasPrefix("mapping.fc"):
      try require("activation", "lrelu")
      if let gain = module.state["bias_gain"]?.number {
        try agree(\.mappingLearningRateMultiplier, Float(gain), "learning rate multiplier", name)
      }
    case "SynthesisNetwork":
      // Only StyleGAN3's network has an input module; its schedule is in what it was made with.
      if module.named("_modules").contains(where: { $0.name == "input" }) {
        claims.aliasFree = aliasFree(module)
      }
    case "SynthesisBlock":
      if let found = module.state["architecture"]?.text {
        guard let architecture = GeneratorConfiguration.Architecture(rawValue: found) else {
          throw error(
            .unsupported(
              "\(name) has the architecture \(found); skip, resnet and orig are supported"))
        }
        if let known = claims.architecture, known != architecture {
          throw error(.unsupported("\(name) has the architecture \(found), other blocks \(known)"))
        }
        claims.architecture = architecture
      }
    case "SynthesisLayer":
      if claims.aliasFree == nil { try require("activation", "lrelu") }
      if let clamp = module.state["conv_clamp"]?.number {
        try agree(\.convClamp, Float(clamp), "conv_clamp", name)
      }
    default: break
    }
  }

  /// The schedule of a StyleGAN3 synthesis network: its attributes and what it was made with.
  private func aliasFree(_ module: NVIDIAPickle.Module) -> AliasFreeConfiguration {
    var result = AliasFreeConfiguration()
    func setting(_ name: String) -> PickleView? {
      for place in ["_init_kwargs", "init_kwargs"] {
        if let value = module.state[place]?[name], !value.isNone { return value }
      }
      return module.state[name].flatMap { $0.isNone ? nil : $0 }
    }
    func integer(_ name: String, _ field: WritableKeyPath<AliasFreeConfiguration, Int>) {
      if let value = setting(name)?.integer { result[keyPath: field] = value }
    }
    func number(_ name: String, _ field: WritableKeyPath<AliasFreeConfiguration, Double>) {
      if let value = setting(name)?.number { result[keyPath: field] = value }
    }
    integer("num_layers", \.layerCount)
    integer("num_critical", \.criticalCount)
    integer("margin_size", \.margin)
    integer("conv_kernel", \.kernel)
    integer("channel_base", \.channelBase)
    integer("channel_max", \.channelMax)
    integer("filter_size", \.filterSize)
    integer("lrelu_upsampling", \.upsampling)
    number("first_cutoff", \.firstCutoff)
    number("first_stopband", \.firstStopband)
    number("last_stopband_rel", \.lastStopbandRelative)
    if let scale = setting("output_scale")?.number { result.outputScale = Float(scale) }
    if let radial = setting("use_radial_filters")?.bool { result.usesRadialFilters = radial }
    return result
  }

  private mutating func agree(
    _ field: WritableKeyPath<Claims, Float?>, _ value: Float, _ what: String, _ name: String
  ) throws(ModelError) {
    if let known = claims[keyPath: field], known != value {
      throw error(.unsupported("\(name) has the \(what) \(value), other layers \(known)"))
    }
    claims[keyPath: field] = value
  }
}
