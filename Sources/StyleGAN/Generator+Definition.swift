import NN
package import Tensors

extension Generator {
  /// ws → pictures by the definition of the network, of several samples at once, differentiable
  /// with respect to ws and to noise maps that are variables.
  ///
  /// - Parameters:
  ///   - ws: [N, num_ws, w_dim]
  ///   - noise: maps for the noise inputs, the same for all samples
  /// - Returns: [N, C, resolution, resolution]
  package func picture(ws: Tensor, noise: NoiseInputs) -> Tensor {
    precondition(
      ws.shape.rank == 3 && ws.shape[1] == configuration.numWs
        && ws.shape[2] == configuration.wDim, "ws \(ws.shape)")
    switch synthesis {
    case .styleGAN1(let network): return network.picture(ws: ws, noise: noise)
    case .styleGAN2(let network): return network.picture(ws: ws, noise: noise)
    case .styleGAN3(let network): return network.picture(ws: ws)
    }
  }

  /// The noise maps stored with the network, [r, r] each, in order of their ws rows; empty for
  /// StyleGAN3, which has none.
  package var storedNoise: [Tensor] {
    switch synthesis {
    case .styleGAN1(let network): network.layers.map(\.noiseConst.tensor)
    case .styleGAN2(let network):
      network.blocks.flatMap { block in
        [block.conv0, block.conv1].compactMap { $0?.noiseConst.tensor }
      }
    case .styleGAN3: []
    }
  }
}

extension SynthesisNetwork {
  /// The full picture [N, C, R, R] of ws [N, num_ws, w_dim].
  package func picture(ws: Tensor, noise: NoiseInputs) -> Tensor {
    guard let last = blocks.last,
      let image = stages(ws: ws, noise: noise, upTo: last.resolution)?.last?.image
    else { preconditionFailure("a network without a picture") }
    return image
  }
}

extension StyleGAN1Synthesis {
  /// The picture [N, C, R, R] of ws [N, num_ws, w_dim].
  package func picture(ws: Tensor, noise: NoiseInputs) -> Tensor {
    guard let image = self(ws: ws, noise: noise) else {
      preconditionFailure("nobody cancelled")
    }
    return image
  }
}

extension StyleGAN3Synthesis {
  /// The picture [1, C, R, R] of ws [1, num_ws, w_dim].
  package func picture(ws: Tensor) -> Tensor {
    guard let image = self(ws: ws) else { preconditionFailure("nobody cancelled") }
    return image
  }
}
