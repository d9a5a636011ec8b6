import Checkpoints

/// How the tensors of a foreign file become those of a StyleGAN2-ADA state dictionary: pure data.
package struct NameMap: Sendable {
  package struct Entry: Hashable, Sendable {
    /// The name in the file.
    package let stored: String
    /// Our name.
    package let name: String
    package let steps: [SourceTensor.Step]

    init(_ stored: String, _ name: String, _ steps: [SourceTensor.Step] = []) {
      self.stored = stored
      self.name = name
      self.steps = steps
    }
  }

  package let entries: [Entry]

  /// Takes over every tensor the map knows; those a file lacks are reported by the later checks.
  func apply(to views: [String: TensorView], in network: inout NetworkSource) {
    for entry in entries {
      network.storedNames[entry.name] = entry.stored
      if let view = views[entry.stored] {
        network.tensors[entry.name] = SourceTensor(view, entry.steps)
      }
    }
    let used = Set(entries.map(\.stored))
    network.unusedNames = views.keys.filter { !used.contains($0) }.sorted()
  }

  /// 8, 16, … resolution.
  private static func upperResolutions(_ resolution: Int) -> [Int] {
    Array(sequence(first: 8) { $0 < resolution ? $0 * 2 : nil }.prefix { $0 <= resolution })
  }

  // MARK: rosinality/stylegan2-pytorch

  /// Numerics: rosinality → ADA names. `style.0` is the normalisation; the modulation's bias
  /// includes its 1; blur kernels are stored four times as strong.
  package static func rosinality(resolution: Int, mappingLayers: Int) -> NameMap {
    var entries = [
      Entry("latent_avg", "mapping.w_avg", [.flatten]),
      Entry("input.input", "synthesis.b4.const", [.trim(rank: 3)]),
    ]
    for layer in 0..<mappingLayers {
      entries.append(Entry("style.\(layer + 1).weight", "mapping.fc\(layer).weight"))
      entries.append(Entry("style.\(layer + 1).bias", "mapping.fc\(layer).bias"))
    }
    func convolution(_ stored: String, _ name: String, noise: Int, isUp: Bool) {
      entries += [
        Entry("\(stored).conv.weight", "\(name).weight", [.trim(rank: 4)]),
        Entry("\(stored).conv.modulation.weight", "\(name).affine.weight"),
        Entry("\(stored).conv.modulation.bias", "\(name).affine.bias"),
        Entry("\(stored).activate.bias", "\(name).bias"),
        Entry("\(stored).noise.weight", "\(name).noise_strength", [.trim(rank: 0)]),
        Entry("noises.noise_\(noise)", "\(name).noise_const", [.trim(rank: 2)]),
      ]
      if isUp {
        entries.append(
          Entry("\(stored).conv.blur.kernel", "\(name).resample_filter", [.multiply(0.25)]))
      }
    }
    func toRGB(_ stored: String, _ name: String, isUp: Bool) {
      entries += [
        Entry("\(stored).conv.weight", "\(name).weight", [.trim(rank: 4)]),
        Entry("\(stored).conv.modulation.weight", "\(name).affine.weight"),
        Entry("\(stored).conv.modulation.bias", "\(name).affine.bias"),
        Entry("\(stored).bias", "\(name).bias", [.flatten]),
      ]
      if isUp {
        entries.append(
          Entry("\(stored).upsample.kernel", "\(name).resample_filter", [.multiply(0.25)]))
      }
    }
    convolution("conv1", "synthesis.b4.conv1", noise: 0, isUp: false)
    toRGB("to_rgb1", "synthesis.b4.torgb", isUp: false)
    for (k, resolution) in upperResolutions(resolution).enumerated() {
      let block = "synthesis.b\(resolution)"
      convolution("convs.\(2 * k)", "\(block).conv0", noise: 2 * k + 1, isUp: true)
      convolution("convs.\(2 * k + 1)", "\(block).conv1", noise: 2 * k + 2, isUp: false)
      toRGB("to_rgbs.\(k)", "\(block).torgb", isUp: true)
    }
    return NameMap(entries: entries)
  }

  // MARK: NVIDIA's TensorFlow code

  /// Numerics: TF SG2 variables → ADA. Dense weights are [in, out], convolutions [k, k, in, out];
  /// up-convolutions and skips are mirrored; the modulation's bias lacks its 1.
  package static func tensorFlow(
    resolution: Int, mappingLayers: Int, architecture: GeneratorConfiguration.Architecture,
    isConditional: Bool
  ) -> NameMap {
    let dense: [SourceTensor.Step] = [.permute([1, 0])]
    let kernel: [SourceTensor.Step] = [.permute([3, 2, 0, 1])]
    let mirrored: [SourceTensor.Step] = [.flip([0, 1]), .permute([3, 2, 0, 1])]
    var entries = [
      Entry("dlatent_avg", "mapping.w_avg"),
      Entry("synthesis/4x4/Const/const", "synthesis.b4.const", [.trim(rank: 3)]),
    ]
    if isConditional {
      entries.append(Entry("mapping/LabelEmbed/weight", "mapping.embed.weight", dense))
      entries.append(Entry("mapping/LabelEmbed/bias", "mapping.embed.bias"))
    }
    for layer in 0..<mappingLayers {
      entries.append(Entry("mapping/Dense\(layer)/weight", "mapping.fc\(layer).weight", dense))
      entries.append(Entry("mapping/Dense\(layer)/bias", "mapping.fc\(layer).bias"))
    }
    func modulation(_ stored: String, _ name: String) {
      entries += [
        Entry("synthesis/\(stored)/mod_weight", "\(name).affine.weight", dense),
        Entry("synthesis/\(stored)/mod_bias", "\(name).affine.bias", [.add(1)]),
        Entry("synthesis/\(stored)/bias", "\(name).bias"),
      ]
    }
    func convolution(_ stored: String, _ name: String, noise: Int, isUp: Bool) {
      modulation(stored, name)
      entries += [
        Entry("synthesis/\(stored)/weight", "\(name).weight", isUp ? mirrored : kernel),
        Entry("synthesis/\(stored)/noise_strength", "\(name).noise_strength", [.trim(rank: 0)]),
        Entry("synthesis/noise\(noise)", "\(name).noise_const", [.trim(rank: 2)]),
      ]
    }
    func toRGB(_ resolution: Int) {
      let stored = "\(resolution)x\(resolution)/ToRGB"
      let name = "synthesis.b\(resolution).torgb"
      modulation(stored, name)
      entries.append(Entry("synthesis/\(stored)/weight", "\(name).weight", kernel))
    }
    convolution("4x4/Conv", "synthesis.b4.conv1", noise: 0, isUp: false)
    if architecture == .skip || resolution == 4 { toRGB(4) }
    for (k, r) in upperResolutions(resolution).enumerated() {
      let block = "synthesis.b\(r)"
      convolution("\(r)x\(r)/Conv0_up", "\(block).conv0", noise: 2 * k + 1, isUp: true)
      convolution("\(r)x\(r)/Conv1", "\(block).conv1", noise: 2 * k + 2, isUp: false)
      if architecture == .skip || r == resolution { toRGB(r) }
      if architecture == .resnet {
        entries.append(Entry("synthesis/\(r)x\(r)/Skip/weight", "\(block).skip.weight", mirrored))
      }
    }
    return NameMap(entries: entries)
  }

  // MARK: genforce

  /// Numerics: genforce/sefa SG2 port. Weights are laid out as ours but not mirrored in
  /// up-convolutions, and the style's bias lacks its 1.
  package static func genforce(resolution: Int, mappingLayers: Int) -> NameMap {
    var entries = [
      Entry("truncation.w_avg", "mapping.w_avg", [.flatten]),
      Entry("synthesis.early_layer.const", "synthesis.b4.const", [.trim(rank: 3)]),
    ]
    for layer in 0..<mappingLayers {
      entries.append(Entry("mapping.dense\(layer).weight", "mapping.fc\(layer).weight"))
      entries.append(Entry("mapping.dense\(layer).bias", "mapping.fc\(layer).bias"))
    }
    func modulated(_ stored: String, _ name: String, isUp: Bool) {
      entries += [
        Entry("synthesis.\(stored).weight", "\(name).weight", isUp ? [.flip([2, 3])] : []),
        Entry("synthesis.\(stored).bias", "\(name).bias"),
        Entry("synthesis.\(stored).style.weight", "\(name).affine.weight"),
        Entry("synthesis.\(stored).style.bias", "\(name).affine.bias", [.add(1)]),
      ]
    }
    func convolution(_ layer: Int, _ name: String, isUp: Bool) {
      modulated("layer\(layer)", name, isUp: isUp)
      entries += [
        Entry("synthesis.layer\(layer).noise_strength", "\(name).noise_strength", [.trim(rank: 0)]),
        Entry("synthesis.layer\(layer).noise", "\(name).noise_const", [.trim(rank: 2)]),
      ]
    }
    convolution(0, "synthesis.b4.conv1", isUp: false)
    modulated("output0", "synthesis.b4.torgb", isUp: false)
    for (k, resolution) in upperResolutions(resolution).enumerated() {
      let block = "synthesis.b\(resolution)"
      convolution(2 * k + 1, "\(block).conv0", isUp: true)
      convolution(2 * k + 2, "\(block).conv1", isUp: false)
      modulated("output\(k + 1)", "\(block).torgb", isUp: false)
    }
    return NameMap(entries: entries)
  }
}
