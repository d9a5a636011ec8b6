// The three ways StyleGAN1 generators are stored (numerics: StyleGAN1 names). In all of them the
// kernels of doubling layers from 128² on are those of the "fused" transposed convolution, which is
// nearest-neighbour doubling and the mirrored kernel; they are mirrored here, once.
extension NameMap {
  /// Where the tensors of layer `index` lie, and those around the layers.
  private struct StyleGAN1Names {
    var average: String
    var label: String?
    var dense: (_ layer: Int) -> (weight: String, bias: String)
    var constant: String
    var kernel: (_ index: Int) -> String
    var bias: (_ index: Int) -> String
    var noiseWeight: (_ index: Int) -> String
    var noiseMap: (_ index: Int) -> String
    var style: (_ index: Int) -> (weight: String, bias: String)
    var toRGB: (weight: String, bias: String)
    /// From the stored dense layout to [out, in].
    var denseSteps: [SourceTensor.Step] = []
    /// From the stored kernel layout to [O, I, k, k].
    var kernelSteps: [SourceTensor.Step] = []
    /// The kernels of fused layers, where they are stored in another way.
    var fusedKernel: ((_ index: Int) -> (name: String, steps: [SourceTensor.Step]))?
  }

  private static func styleGAN1(
    resolution: Int, mappingLayers: Int, _ names: StyleGAN1Names
  ) -> NameMap {
    var entries = [Entry(names.average, "mapping.w_avg", [.flatten])]
    if let label = names.label { entries.append(Entry(label, "mapping.label.weight")) }
    for layer in 0..<mappingLayers {
      let dense = names.dense(layer)
      entries.append(Entry(dense.weight, "mapping.fc\(layer).weight", names.denseSteps))
      entries.append(Entry(dense.bias, "mapping.fc\(layer).bias"))
    }
    let layers = 2 * resolution.trailingZeroBitCount - 2
    for index in 0..<layers {
      let side = 4 << (index / 2)
      let name = "synthesis.b\(side).conv\(index % 2)"
      if index == 0 {
        entries.append(Entry(names.constant, "\(name).const", [.trim(rank: 3)]))
      } else {
        let isFused = index % 2 == 0 && side >= 128
        let plain = (name: names.kernel(index), steps: names.kernelSteps)
        let kernel = isFused ? names.fusedKernel?(index) ?? plain : plain
        entries.append(
          Entry(
            kernel.name, "\(name).weight", kernel.steps + (isFused ? [.flip([2, 3])] : [])))
      }
      let style = names.style(index)
      entries += [
        Entry(names.bias(index), "\(name).bias"),
        Entry(names.noiseWeight(index), "\(name).noise_strength"),
        Entry(names.noiseMap(index), "\(name).noise_const", [.trim(rank: 2)]),
        Entry(style.weight, "\(name).affine.weight", names.denseSteps),
        Entry(style.bias, "\(name).affine.bias"),
      ]
    }
    let toRGB = "synthesis.b\(resolution).torgb"
    entries.append(Entry(names.toRGB.weight, "\(toRGB).weight", names.kernelSteps))
    entries.append(Entry(names.toRGB.bias, "\(toRGB).bias"))
    return NameMap(entries: entries)
  }

  /// NVIDIA's TensorFlow variables.
  package static func styleGAN1TensorFlow(
    resolution: Int, mappingLayers: Int, isConditional: Bool
  ) -> NameMap {
    func layer(_ index: Int) -> String {
      let side = 4 << (index / 2)
      let part = index == 0 ? "Const" : index == 1 ? "Conv" : index % 2 == 0 ? "Conv0_up" : "Conv1"
      return "synthesis/\(side)x\(side)/\(part)"
    }
    return styleGAN1(
      resolution: resolution, mappingLayers: mappingLayers,
      StyleGAN1Names(
        average: "dlatent_avg", label: isConditional ? "mapping/LabelConcat/weight" : nil,
        dense: { ("mapping/Dense\($0)/weight", "mapping/Dense\($0)/bias") },
        constant: "synthesis/4x4/Const/const", kernel: { layer($0) + "/weight" },
        bias: { layer($0) + "/bias" }, noiseWeight: { layer($0) + "/Noise/weight" },
        noiseMap: { "synthesis/noise\($0)" },
        style: { (layer($0) + "/StyleMod/weight", layer($0) + "/StyleMod/bias") },
        toRGB: ("synthesis/ToRGB_lod0/weight", "synthesis/ToRGB_lod0/bias"),
        denseSteps: [.permute([1, 0])], kernelSteps: [.permute([3, 2, 0, 1])]))
  }

  /// genforce's port.
  package static func styleGAN1Genforce(resolution: Int, mappingLayers: Int) -> NameMap {
    let output = "synthesis.output\(resolution.trailingZeroBitCount - 2)"
    return styleGAN1(
      resolution: resolution, mappingLayers: mappingLayers,
      StyleGAN1Names(
        average: "truncation.w_avg",
        dense: { ("mapping.dense\($0).weight", "mapping.dense\($0).bias") },
        constant: "synthesis.layer0.const", kernel: { "synthesis.layer\($0).weight" },
        bias: { "synthesis.layer\($0).bias" },
        noiseWeight: { "synthesis.layer\($0).apply_noise.weight" },
        noiseMap: { "synthesis.layer\($0).apply_noise.noise" },
        style: { ("synthesis.layer\($0).style.weight", "synthesis.layer\($0).style.bias") },
        toRGB: ("\(output).weight", "\(output).bias")))
  }

  /// InterFaceGAN's port.
  package static func styleGAN1InterFaceGAN(resolution: Int, mappingLayers: Int) -> NameMap {
    let output = "synthesis.output\(resolution.trailingZeroBitCount - 2)"
    func epilogue(_ index: Int) -> String { "synthesis.layer\(index).epilogue" }
    return styleGAN1(
      resolution: resolution, mappingLayers: mappingLayers,
      StyleGAN1Names(
        average: "truncation.w_avg",
        dense: { ("mapping.dense\($0).linear.weight", "mapping.dense\($0).wscale.bias") },
        constant: "synthesis.layer0.first_layer",
        kernel: { "synthesis.layer\($0).conv.weight" },
        bias: { epilogue($0) + ".bias" },
        noiseWeight: { epilogue($0) + ".apply_noise.weight" },
        noiseMap: { epilogue($0) + ".apply_noise.noise" },
        style: {
          (
            epilogue($0) + ".style_mod.dense.linear.weight",
            epilogue($0) + ".style_mod.dense.wscale.bias"
          )
        },
        toRGB: ("\(output).conv.weight", "\(output).bias"),
        fusedKernel: { ("synthesis.layer\($0).weight", [.permute([3, 2, 0, 1])]) }))
  }
}
