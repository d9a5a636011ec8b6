import Tensors

/// Gradients on their way down through the layers, in the layout of the activations.
protocol GradientFlow {
  /// Back through the epilogue of a layer: the gradient of its convolution's result is kept for the
  /// next call. From above the last layer comes that of the picture alone; from above any other the
  /// gradient that the last call kept, through the convolution of the layer behind.
  ///
  /// - Parameters:
  ///   - out: what the epilogue wrote
  ///   - picture: the gradient of the layer's picture, where it made one
  mutating func back(
    to index: Int, of layers: [GradientLayer], epilogue: StyledEpilogue, out: Storage,
    picture: Tensor?, wantsNoise: Bool
  ) -> EpilogueGradient.Result

  /// The gradient of what the first layer reads, [C, s, s].
  mutating func input(of first: GradientLayer) -> Tensor
}

/// Blocked float32 gradients, passes one after another.
struct BlockedGradientFlow: GradientFlow {
  private let block: Int
  /// They take turns; the first holds what was kept.
  private var gradients: [Storage]
  private let scratch: Storage

  init(_ layers: [GradientLayer], block: Int, scratch: Storage) {
    self.block = block
    self.scratch = scratch
    let count = layers.map(\.convolvedCount).reduce(1, max)
    gradients = [Storage(count: count), Storage(count: count)]
  }

  mutating func back(
    to index: Int, of layers: [GradientLayer], epilogue: StyledEpilogue, out: Storage,
    picture: Tensor?, wantsNoise: Bool
  ) -> EpilogueGradient.Result {
    let isLast = index + 1 == layers.count
    if !isLast { convolve(layers[index + 1]) }
    let result = EpilogueGradient(of: epilogue).run(
      out: out, gradient: gradients[0], hasGradient: !isLast, picture: picture,
      wantsNoise: wantsNoise)
    if layers[index].isUp {
      blurBackward(
        gradients[0], to: gradients[1], channels: epilogue.channels, block: block,
        side: epilogue.height)
      gradients.swapAt(0, 1)
    }
    return result
  }

  mutating func input(of first: GradientLayer) -> Tensor {
    convolve(first)
    return unblocked(
      gradients[0], channels: first.source.inputs, height: first.side, width: first.side,
      block: block)
  }

  private mutating func convolve(_ layer: GradientLayer) {
    guard case .blocked(_, let backward) = layer.kernel else {
      preconditionFailure("a tiled layer among blocked ones")
    }
    backward.run(gradients[0], to: gradients[1], scratch: scratch)
    gradients.swapAt(0, 1)
  }
}

/// Tiled gradients, each convolution and the epilogue behind it in one pass.
struct TiledGradientFlow: GradientFlow {
  /// What each layer's backward convolution reads.
  private let sources: [Storage]
  /// Of an up-convolution's filtered result.
  private let filtered: Storage
  private let scratch: Storage

  init(_ layers: [GradientLayer], scratch: Storage) {
    self.scratch = scratch
    sources = layers.map {
      let shape = TiledShape(channels: $0.source.outputs, side: $0.side)
      return $0.isUp ? shape.makeSplitStorage() : shape.makeStorage()
    }
    filtered = Storage(count: layers.filter(\.isUp).map(\.convolvedCount).reduce(1, max))
  }

  mutating func back(
    to index: Int, of layers: [GradientLayer], epilogue: StyledEpilogue, out: Storage,
    picture: Tensor?, wantsNoise: Bool
  ) -> EpilogueGradient.Result {
    let layer = layers[index]
    let isLast = index + 1 == layers.count
    let result = EpilogueGradient(of: epilogue).run(
      behind: isLast ? nil : (backward(layers[index + 1]), sources[index + 1]), out: out,
      picture: picture, wantsNoise: wantsNoise,
      to: layer.isUp ? .blocked(filtered) : .tiled(sources[index]), scratch: scratch)
    if layer.isUp {
      TiledShape(channels: layer.source.outputs, side: layer.side)
        .blurBackward(filtered, to: sources[index])
    }
    return result
  }

  mutating func input(of first: GradientLayer) -> Tensor {
    let shape = TiledShape(channels: first.source.inputs, side: first.side)
    let gradient = shape.makeStorage()
    backward(first).runMasked(sources[0], by: nil, to: gradient, scratch: scratch)
    return shape.plain(gradient)
  }

  private func backward(_ layer: GradientLayer) -> TiledLayer {
    guard case .tiled(_, let backward) = layer.kernel else {
      preconditionFailure("a blocked layer among tiled ones")
    }
    return backward
  }
}
