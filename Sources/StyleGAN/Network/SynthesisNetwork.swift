package import NN
package import Tensors

/// ws → picture (StyleGAN2 §4.1): a constant, blocks of growing resolution, and the sum of their
/// toRGB results. This is the definition; `FusedSynthesis` computes the same numbers faster.
package struct SynthesisNetwork: Module {
  package var blocks: [SynthesisBlock]

  package init(_ configuration: GeneratorConfiguration) {
    blocks = configuration.blockResolutions.indices.map {
      SynthesisBlock(index: $0, configuration: configuration)
    }
  }

  /// What a block leaves behind: its activations and the picture summed so far.
  package struct Stage {
    package var resolution: Int
    package var activations: Tensor  // [N, C, r, r]
    package var image: Tensor?  // [N, imageChannels, r, r]
  }

  /// - Parameters:
  ///   - ws: [N, num_ws, w_dim]
  ///   - noise: maps for the noise inputs
  ///   - upTo: the last resolution to compute
  ///   - isCancelled: asked before every block
  /// - Returns: every block's result in order, nil where cancelled
  package func stages(
    ws: Tensor, noise: NoiseInputs, upTo: Int, isCancelled: () -> Bool = { false }
  ) -> [Stage]? {
    var stages: [Stage] = []
    for block in blocks where block.resolution <= upTo {
      if isCancelled() { return nil }
      let x = block(stages.last?.activations, ws: ws) { layer, row in
        noise.map(layer: row, stored: layer.noiseConst)
          .map { $0.reshaped([1, 1, layer.resolution, layer.resolution]) }
      }
      var image = stages.last?.image.map { Tensor.applying(UpFIRDn.upsample2d, to: $0) }
      if let toRGB = block.toRGB {
        let rgb = toRGB(x, w: Tensor.applying(Selection(block.toRGBRow), to: ws))
        image = image.map { $0 + rgb } ?? rgb
      }
      stages.append(Stage(resolution: block.resolution, activations: x, image: image))
    }
    return stages
  }

  package mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    for index in blocks.indices {
      try visitor("b\(blocks[index].resolution)", &blocks[index])
    }
  }
}
