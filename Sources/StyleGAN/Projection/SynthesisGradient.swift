import NN
package import Tensors

/// Forward and first-order backward passes of `SynthesisNetwork` for one picture, skip and orig
/// architectures: gradients with respect to ws and noise maps and nothing else. Every activation is
/// kept once, as the next convolution reads it, and the backward passes recover the rest from it.
/// Tested equal to the network's definition. Not for two threads at once.
package final class SynthesisGradient {
  private let configuration: GeneratorConfiguration
  private let layout: ActivationLayout
  /// Of gradients.
  private let block = Blocking.preferred
  private let layers: [GradientLayer]
  /// The toRGB behind each layer, with its row of ws.
  private let toRGB: [(layer: ToRGBLayer, row: Int)?]
  private let constant: Tensor
  /// What each layer reads, in the layout: activations times its style; behind the last,
  /// activations alone.
  private let activations: [Storage]
  private var gradients: [Storage]
  private let scratch: Storage
  private var pass: Pass?

  /// What the backward pass needs of the forward pass.
  private struct Pass {
    var styles: [[Float]] = []
    /// In blocks of gradients.
    var epilogues: [StyledEpilogue] = []
    /// Style and result of each toRGB, before its bias and clamp.
    var pictures: [Int: (style: [Float], rgb: Tensor)] = [:]
  }

  /// - Parameter side: stop at this resolution, at the picture summed so far (skip alone)
  /// - Returns: nil for residual generators, and for early pictures where there are none.
  package convenience init?(
    _ network: SynthesisNetwork, _ configuration: GeneratorConfiguration, upTo side: Int? = nil
  ) {
    self.init(network, configuration, upTo: side, layout: .preferred)
  }

  init?(
    _ network: SynthesisNetwork, _ configuration: GeneratorConfiguration, upTo side: Int?,
    layout: ActivationLayout
  ) {
    let last = side ?? configuration.resolution
    guard last == configuration.resolution || configuration.architecture == .skip else { return nil }
    guard configuration.architecture != .resnet, let constant = network.blocks.first?.constant
    else { return nil }
    self.configuration = configuration
    self.constant = constant.tensor
    self.layout = layout
    var layers: [GradientLayer] = []
    var toRGB: [(layer: ToRGBLayer, row: Int)?] = []
    for home in network.blocks where home.resolution <= last {
      if let conv0 = home.conv0 {
        layers.append(GradientLayer(conv0, row: home.conv0Row, layout: layout))
        toRGB.append(nil)
      }
      layers.append(GradientLayer(home.conv1, row: home.conv1Row, layout: layout))
      toRGB.append(home.toRGB.map { ($0, home.toRGBRow) })
    }
    self.layers = layers
    self.toRGB = toRGB
    activations =
      layers.map { layout.makeStorage(channels: $0.source.inputs, side: $0.inputs.width) }
      + layers.suffix(1).map {
        layout.makeStorage(channels: $0.source.outputs, side: $0.outputs.width)
      }
    let largest = layers.map(\.convolvedCount).reduce(1, max)
    gradients = [Storage(count: largest), Storage(count: largest)]
    scratch = Storage(count: layers.map(\.scratchCount).reduce(1, max))
  }

  /// - Parameters:
  ///   - ws: [num_ws, w_dim]
  ///   - noise: a map [r, r] for each layer
  /// - Returns: the picture [1, C, R, R]
  package func forward(ws: Tensor, noise: [Tensor]) -> Tensor {
    let rows = ws.values
    let width = configuration.wDim
    func w(_ row: Int) -> [Float] { Array(rows[row * width..<(row + 1) * width]) }
    var pass = Pass()
    pass.styles = layers.map { $0.style(w: w($0.row)) }
    layout.fill(activations[0], from: constant, style: pass.styles[0], parts: 2)
    var picture: Tensor?
    for (index, layer) in layers.enumerated() {
      let next = index + 1 < layers.count ? pass.styles[index + 1] : nil
      func epilogue(block: Int) -> StyledEpilogue {
        layer.epilogue(style: pass.styles[index], noise: noise[index], next: next, block: block)
      }
      var forward = epilogue(block: layout.block)
      var backward = layout.block == block ? forward : epilogue(block: block)
      let channels = configuration.imageChannels
      var rgb: Storage?
      if let (toRGB, row) = toRGB[index] {
        let style = affine(
          toRGB.affine.weight.tensor, w(row), bias: toRGB.affine.bias.tensor,
          gain: toRGB.affine.weightGain)
        addPicture(toRGB, style: style, to: &forward)
        addPicture(toRGB, style: style, to: &backward)
        let room = Storage(count: channels * layer.outputs.height * layer.outputs.width)
        pass.pictures[index] = (
          style,
          Tensor(
            sharing: room, shape: [1, channels, layer.outputs.height, layer.outputs.width])
        )
        rgb = room
      }
      layer.run(
        activations[index], epilogue: forward, to: activations[index + 1], rgb: rgb,
        result: gradients[0], scratch: scratch)
      pass.epilogues.append(backward)
      if let (toRGB, _) = toRGB[index], let own = pass.pictures[index]?.rgb {
        let added = Tensor.applying(activation(of: toRGB), to: own, toRGB.bias.tensor)
        picture = picture.map { Tensor.applying(UpFIRDn.upsample2d, to: $0) + added } ?? added
      }
    }
    self.pass = pass
    guard let picture else { preconditionFailure("a network without a picture") }
    return picture
  }

  private func activation(of toRGB: ToRGBLayer) -> BiasActivation {
    BiasActivation(slope: 1, gain: 1, clamp: toRGB.clamp ?? .infinity)
  }

  /// The toRGB weight times its style, [C, rounded I].
  private func addPicture(_ toRGB: ToRGBLayer, style: [Float], to epilogue: inout StyledEpilogue) {
    let weight = toRGB.weight.tensor.values
    epilogue.rgbChannels = configuration.imageChannels
    epilogue.rgbWeight = (0..<configuration.imageChannels).flatMap { channel in
      padded(
        style.indices.map { weight[channel * style.count + $0] * style[$0] * toRGB.styleGain },
        to: epilogue.channels)
    }
  }

  /// Gradients of the last forward pass.
  ///
  /// - Parameter picture: the gradient of its picture, [1, C, R, R]
  /// - Returns: [num_ws, w_dim], and one of each noise map where wanted
  package func backward(
    _ picture: Tensor, wantsNoise: Bool
  ) -> (ws: Tensor, noise: [Tensor]) {
    guard let pass else { preconditionFailure("a backward pass without a forward pass") }
    let width = configuration.wDim
    var rows = [Tensor?](repeating: nil, count: configuration.numWs)
    func add(_ gradient: Tensor, to row: Int) {
      rows[row] = rows[row].map { $0 + gradient } ?? gradient
    }
    var noise = [Tensor?](repeating: nil, count: layers.count)
    var image = picture
    for (index, layer) in layers.enumerated().reversed() {
      let channels = layer.outputs.channels
      var seen: Tensor?
      if let (toRGB, _) = toRGB[index], let own = pass.pictures[index]?.rgb {
        let clamped = Tensor.applying(activation(of: toRGB), to: own, toRGB.bias.tensor)
        seen =
          toRGB.clamp == nil
          ? image
          : Tensor.applying(ActivationGradient(activation(of: toRGB)), to: image, clamped)
      }
      let found = EpilogueGradient(
        of: pass.epilogues[index], isTiled: layout == .tiled
      ).run(
        out: activations[index + 1], gradient: gradients[0], hasGradient: index + 1 < layers.count,
        picture: seen, wantsNoise: wantsNoise)
      if index + 1 < layers.count {
        let next = layers[index + 1]
        let modulation = Tensor(
          Array(found.style.prefix(next.source.inputs)), shape: [next.source.inputs])
        add(next.wGradient(style: modulation), to: next.row)
      }
      if let (toRGB, row) = toRGB[index], let style = pass.pictures[index]?.style {
        add(
          wGradient(of: toRGB, style: style, weights: found.rgbWeight, rounded: channels), to: row)
      }
      let demodulation = Array(found.demodulation.prefix(layer.source.outputs))
      add(
        layer.wGradient(
          style: layer.styleGradient(style: pass.styles[index], demodulation: demodulation)),
        to: layer.row)
      noise[index] = found.noise.map { $0 * layer.source.noiseStrength.tensor.scalar }
      layer.propagate(&gradients, scratch: scratch)
      if !layer.isUp, index > 0, configuration.architecture == .skip {
        image =
          UpFIRDn.upsample2d.pullback(
            [Tensor(zeros: [1, image.shape[1], image.shape[2] / 2, image.shape[3] / 2])], image,
            image, wanted: [true])[0] ?? image
      }
    }
    let side = constant.shape[1]
    let first = unblocked(
      gradients[0], channels: constant.shape[0], height: side, width: side, block: block)
    add(
      layers[0].wGradient(
        style: Tensor.applying(TrailingSum(from: 1), to: first * constant)), to: layers[0].row)
    let all = rows.flatMap { $0?.values ?? Array(repeating: 0, count: width) }
    return (Tensor(all, shape: [rows.count, width]), noise.compactMap { $0 })
  }

  private func wGradient(
    of toRGB: ToRGBLayer, style: [Float], weights gradient: [Float], rounded: Int
  ) -> Tensor {
    let weight = toRGB.weight.tensor.values
    let inputs = style.count
    let ofStyle = (0..<inputs).map { input in
      (0..<configuration.imageChannels).reduce(Float(0)) {
        $0 + gradient[$1 * rounded + input] * weight[$1 * inputs + input]
      } * toRGB.styleGain
    }
    return Tensor.applying(
      MatrixProduct(transposesFirst: true), to: toRGB.affine.weight.tensor,
      Tensor(ofStyle, shape: [inputs, 1])) * toRGB.affine.weightGain
  }
}
