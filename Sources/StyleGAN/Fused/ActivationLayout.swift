import Tensors

/// How activations lie in memory between the layers of the fused path.
enum ActivationLayout: Hashable, Sendable {
  /// float32 in blocks of this many channels.
  case blocked(Int)
  /// bfloat16 in one part or two, for matrix tiles.
  case tiled

  /// The fastest this processor has.
  static var preferred: ActivationLayout {
    TiledLayer.isAvailable ? .tiled : .blocked(Blocking.preferred)
  }

  /// Channels in a block.
  var block: Int {
    switch self {
    case .blocked(let block): block
    case .tiled: 32
    }
  }

  /// Room for the activations [channels, side, side].
  func makeStorage(channels: Int, side: Int) -> Storage {
    switch self {
    case .blocked(let block):
      Storage(zeros: Blocking.rounded(channels, block: block) * side * side)
    case .tiled: TiledShape(channels: channels, side: side).makeStorage()
    }
  }

  /// A plain [channels, side, side] times style into this layout.
  func fill(_ storage: Storage, from plain: Tensor, style: [Float]?, parts: Int) {
    let (channels, side) = (plain.shape[0], plain.shape[1])
    switch self {
    case .blocked(let block):
      blockScaled(
        plain, style: style ?? Array(repeating: 1, count: channels), channels: channels,
        block: block, to: storage)
    case .tiled:
      TiledShape(channels: channels, side: side).fill(
        storage, from: plain, style: style, parts: parts)
    }
  }
}
