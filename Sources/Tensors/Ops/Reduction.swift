/// Sum over the trailing axes from `axis` on, which are dropped: [a, b, c] with axis 1 gives [a].
package struct TrailingSum: Op {
  package static let name = "sum"
  package var axis: Int

  package init(from axis: Int) { self.axis = axis }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let shape = inputs[0].shape
    precondition(axis <= shape.rank, "sum of \(shape) from axis \(axis)")
    let kept = Shape(Array(shape.dimensions.prefix(axis)))
    let inner = shape.dimensions.dropFirst(axis).reduce(1, *)
    return unsafe Tensor(shape: kept) { y in
      unsafe inputs[0].withUnsafeBuffer { x in
        // In double, because a strict float sum of thousands of terms loses digits.
        for o in 0..<kept.count { unsafe y[o] = Float(rowSum(x, from: o * inner, count: inner)) }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let shape = inputs[0].shape
    let kept = Shape(shape.dimensions.enumerated().map { $0 < axis ? $1 : 1 })
    return [Tensor.applying(Broadcast(to: shape), to: dy.reshaped(kept))]
  }
}

/// Item `index` of the second axis: [N, L, …] gives [N, …].
package struct Selection: Op {
  package static let name = "selection"
  package var index: Int

  package init(_ index: Int) { self.index = index }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let shape = inputs[0].shape
    precondition(shape.rank >= 2 && index < shape[1], "item \(index) of \(shape)")
    let inner = shape.dimensions.dropFirst(2).reduce(1, *)
    let kept = Shape([shape[0]] + shape.dimensions.dropFirst(2))
    return unsafe Tensor(shape: kept) { y in
      unsafe inputs[0].withUnsafeBuffer { x in
        for n in 0..<shape[0] {
          for i in 0..<inner {
            unsafe y[n * inner + i] = x[(n * shape[1] + index) * inner + i]
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let shape = inputs[0].shape
    let item = Shape([shape[0], 1] + shape.dimensions.dropFirst(2))
    return [
      Tensor.applying(
        ZeroExtension(before: index, after: shape[1] - index - 1), to: dy.reshaped(item))
    ]
  }
}
