/// The largest of every 2 × 2 pixels: x [N, C, H, W] to [N, C, H/2, W/2], a last odd row or column
/// left out.
package struct MaxPooling: Op {
  package static let name = "max pooling"

  package init() {}

  package func forward(_ inputs: [Tensor]) -> Tensor {
    Tensor.applying(PooledSelection(), to: inputs[0].constant, inputs[0].constant)
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [Tensor.applying(PooledPlacement(), to: inputs[0], dy)]
  }
}

/// Of every 2 × 2 pixels of `values` the one where `keys` is largest, the first of equals. Inputs
/// keys and values [N, C, H, W].
package struct PooledSelection: Op {
  package static let name = "pooled selection"

  package init() {}

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let shape = inputs[0].shape
    precondition(shape.rank == 4 && inputs[1].shape == shape, "pooled selection of \(shape)")
    return unsafe Tensor(shape: [shape[0], shape[1], shape[2] / 2, shape[3] / 2]) { y in
      unsafe inputs[1].withUnsafeBuffer { values in
        unsafe inputs[0].withUnsafeBuffer { keys in
          unsafe forEachPooledPixel(of: shape, keys: keys) { to, from in
            unsafe y[to] = values[from]
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [nil, Tensor.applying(PooledPlacement(), to: inputs[0], dy)]
  }
}

/// The transpose of `PooledSelection`: each value at the place where `keys` is largest, zeros
/// elsewhere. Inputs keys [N, C, H, W] and values [N, C, H/2, W/2].
package struct PooledPlacement: Op {
  package static let name = "pooled placement"

  package init() {}

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let shape = inputs[0].shape
    precondition(shape.rank == 4, "pooled placement of \(shape)")
    return unsafe Tensor(shape: shape) { x in
      unsafe x.initialize(repeating: 0)
      unsafe inputs[1].withUnsafeBuffer { values in
        unsafe inputs[0].withUnsafeBuffer { keys in
          unsafe forEachPooledPixel(of: shape, keys: keys) { from, to in
            unsafe x[to] = values[from]
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [nil, Tensor.applying(PooledSelection(), to: inputs[0], dy)]
  }
}

/// Every pixel of the pooled picture with the place of the largest key it stands for.
private func forEachPooledPixel(
  of shape: Shape, keys: UnsafeBufferPointer<Float>, _ body: (_ pooled: Int, _ place: Int) -> Void
) {
  let (height, width) = (shape[2], shape[3])
  for plane in 0..<(shape[0] * shape[1]) {
    for row in 0..<(height / 2) {
      for column in 0..<(width / 2) {
        let first = (plane * height + 2 * row) * width + 2 * column
        var best = first
        for place in [first + 1, first + width, first + width + 1] {
          if unsafe keys[place] > keys[best] { best = place }
        }
        body((plane * (height / 2) + row) * (width / 2) + column, best)
      }
    }
  }
}
