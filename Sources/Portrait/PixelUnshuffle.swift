import Tensors

extension Tensor {
  /// Blocks of `factor` × `factor` pixels as channels: [1, C, H, W] to [1, C f², H / f, W / f];
  /// channel c f² + f y + x is the block's pixel (x, y) of c.
  func pixelUnshuffled(by factor: Int) -> Tensor {
    let (channels, height, width) = (shape[1], shape[2] / factor, shape[3] / factor)
    precondition(
      shape[0] == 1 && height * factor == shape[2] && width * factor == shape[3],
      "blocks of \(factor) in \(shape)")
    return unsafe Tensor(shape: [1, channels * factor * factor, height, width]) { out in
      unsafe withUnsafeBuffer { x in
        var to = 0
        for plane in 0..<channels * factor * factor {
          let (dx, dy) = (plane % factor, plane / factor % factor)
          let source = plane / (factor * factor) * shape[2] * shape[3]
          for row in 0..<height {
            let line = source + (row * factor + dy) * shape[3] + dx
            for column in 0..<width {
              unsafe out[to] = x[line + column * factor]
              to += 1
            }
          }
        }
      }
    }
  }
}
