import Checkpoints

extension GeneratorConfiguration {
  /// The configuration that a file's tensors have, checked against what the file claims.
  ///
  /// Sizes come from the tensors, because community files are often wrong about themselves; a
  /// claim that contradicts them is an error, for nobody knows which of the two is right.
  init(inferring network: NetworkSource) throws(ModelError) {
    func failure(_ what: String) -> ModelError { network.error(.configuration(what)) }
    func shape(_ name: String, rank: Int) throws(ModelError) -> [Int] {
      guard let tensor = network.tensors[name] else { throw network.missing(name) }
      guard let shape = tensor.shape, shape.count == rank else {
        throw network.error(
          .tensor(
            name: network.label(name),
            reason: "it has shape \(tensor.view.shape), expected \(rank) dimensions"))
      }
      guard !shape.contains(0) else {
        throw network.error(
          .tensor(name: network.label(name), reason: "it has no elements (shape \(shape))"))
      }
      return shape
    }
    func bounded(_ value: Int, _ range: ClosedRange<Int>, _ what: String) throws(ModelError) -> Int
    {
      guard range.contains(value) else {
        throw failure("\(what) is \(value), expected \(range.lowerBound) to \(range.upperBound)")
      }
      return value
    }
    let claims = network.claims
    let names = network.tensors.keys

    // Blocks: synthesis.b4, b8, …; StyleGAN3 has layers of its own schedule instead.
    let largest: Int
    var channels: [Int] = []
    if let schedule = claims.aliasFree {
      guard let claimed = claims.resolution, claimed.isPowerOfTwo, (4...4096).contains(claimed)
      else {
        throw failure(
          "its resolution is \(claims.resolution.map(String.init) ?? "missing"), expected a power "
            + "of two from 4 to 4096")
      }
      largest = claimed
      try schedule.check(resolution: largest, failure)
    } else {
      let blocks = Set(names.compactMap { Self.blockResolution(of: $0) })
      guard let last = blocks.max() else { throw network.missing("synthesis.b4.const") }
      guard last.isPowerOfTwo, (4...4096).contains(last) else {
        throw failure("its largest block is \(last)², no resolution from 4 to 4096")
      }
      if let claimed = claims.resolution, claimed != last {
        throw failure("it says its resolution is \(claimed), but its blocks end at \(last)")
      }
      largest = last
      for resolution in sequence(first: 4, next: { $0 < last ? $0 * 2 : nil }) {
        // Where the weight is missing the bias still tells; the checks will name what is missing.
        let layer = "synthesis.b\(resolution).conv1"
        let isThere = names.contains(layer + ".weight") || !names.contains(layer + ".bias")
        let weight = try shape(layer + (isThere ? ".weight" : ".bias"), rank: isThere ? 4 : 1)
        channels.append(
          try bounded(weight[0], 1...8192, "the channel count of block b\(resolution)"))
      }
    }

    // Mapping: fc0, fc1, …
    let layers = Set(names.compactMap { Self.mappingLayer(of: $0) })
    let layerCount = try bounded((layers.max() ?? -1) + 1, 1...64, "the number of mapping layers")
    if let claimed = claims.mappingLayers, claimed != layerCount {
      throw failure("it says it has \(claimed) mapping layers, but holds \(layerCount)")
    }
    let last = try shape("mapping.fc\(layerCount - 1).weight", rank: 2)
    let wDim = try bounded(claims.wDim ?? last[0], 1...16384, "w_dim")
    var cDim = claims.cDim ?? 0
    if network.tensors["mapping.embed.weight"] != nil {
      let embedding = try shape("mapping.embed.weight", rank: 2)
      cDim = claims.cDim ?? embedding[1]
    } else if network.tensors["mapping.label.weight"] != nil {
      let label = try shape("mapping.label.weight", rank: 2)
      cDim = claims.cDim ?? label[0]
    }
    cDim = try bounded(cDim, 0...100_000, "c_dim")
    let first = try shape("mapping.fc0.weight", rank: 2)
    let zDim = try bounded(
      claims.zDim ?? first[1] - (cDim > 0 ? wDim : 0), 1...16384, "z_dim")

    if let schedule = claims.aliasFree {
      self.init(
        resolution: largest, zDim: zDim, wDim: wDim, mappingLayers: layerCount, blockChannels: [])
      family = .styleGAN3
      aliasFree = schedule
      imageChannels = claims.imageChannels ?? 3
    } else {
      self.init(
        resolution: largest, zDim: zDim, wDim: wDim, mappingLayers: layerCount,
        blockChannels: channels)
      family = claims.family ?? .styleGAN2
      let picture = try shape("synthesis.b\(largest).torgb.weight", rank: 4)
      imageChannels = claims.imageChannels ?? picture[0]
    }
    self.cDim = cDim
    guard imageChannels == 1 || imageChannels == 3 else {
      throw failure("it makes pictures of \(imageChannels) channels; 1 and 3 are supported")
    }
    let inferred: Architecture =
      family != .styleGAN2
      ? .orig
      : names.contains { $0.hasSuffix(".skip.weight") }
        ? .resnet : largest == 4 || names.contains("synthesis.b4.torgb.weight") ? .skip : .orig
    architecture = claims.architecture ?? inferred
    if let multiplier = claims.mappingLearningRateMultiplier {
      guard multiplier.isFinite, multiplier > 0 else {
        throw failure("its mapping learning rate multiplier is \(multiplier)")
      }
      mappingLearningRateMultiplier = multiplier
    }
    if let clamp = claims.convClamp {
      guard clamp.isFinite, clamp > 0 else { throw failure("its conv_clamp is \(clamp)") }
      convClamp = clamp
    }
  }

  /// 16 of "synthesis.b16.conv0.weight".
  private static func blockResolution(of name: String) -> Int? {
    guard name.hasPrefix("synthesis.b") else { return nil }
    return Int(name.dropFirst("synthesis.b".count).prefix { $0 != "." })
  }

  /// 2 of "mapping.fc2.weight".
  private static func mappingLayer(of name: String) -> Int? {
    guard name.hasPrefix("mapping.fc") else { return nil }
    return Int(name.dropFirst("mapping.fc".count).prefix { $0 != "." })
  }
}

extension AliasFreeConfiguration {
  /// Refuses schedules that no network has, before sizes are computed from them.
  fileprivate func check(
    resolution: Int, _ failure: (String) -> ModelError
  ) throws(ModelError) {
    let counts = [
      ("num_layers", layerCount, 1...64),
      ("num_critical", criticalCount, 0...max(0, layerCount - 1)),
      ("margin_size", margin, 0...64), ("conv_kernel", kernel, 1...7),
      ("channel_base", channelBase, 1...(1 << 24)), ("channel_max", channelMax, 1...8192),
      ("filter_size", filterSize, 1...32), ("lrelu_upsampling", upsampling, 1...8),
    ]
    for (name, value, range) in counts where !range.contains(value) {
      throw failure(
        "its \(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)")
    }
    let bands = [
      ("first_cutoff", firstCutoff, 0.5...Double(resolution)),
      ("first_stopband", firstStopband, 0.5...Double(resolution)),
      ("last_stopband_rel", lastStopbandRelative, 0.5...4),
    ]
    for (name, value, range) in bands where !range.contains(value) {
      throw failure("its \(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)")
    }
    guard outputScale.isFinite else { throw failure("its output_scale is \(outputScale)") }
  }
}

extension Int {
  var isPowerOfTwo: Bool { self > 0 && self & (self - 1) == 0 }
}
