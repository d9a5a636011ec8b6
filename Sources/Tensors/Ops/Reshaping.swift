/// The same elements in row-major order under another shape of the same count.
package struct Reshaping: Op {
  package static let name = "reshaping"
  package var shape: Shape

  package init(to shape: Shape) { self.shape = shape }

  package func forward(_ inputs: [Tensor]) -> Tensor { inputs[0].withShape(shape) }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [dy.reshaped(inputs[0].shape)]
  }
}

/// Elements moved along an axis, those that leave at its end coming in at its start:
/// y[i + distance] = x[i], indices modulo the extent.
package struct CircularShift: Op {
  package static let name = "circular shift"
  package var axis: Int
  package var distance: Int

  package init(axis: Int, distance: Int) {
    self.axis = axis
    self.distance = distance
  }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let shape = inputs[0].shape
    precondition(axis < shape.rank, "shift along axis \(axis) of \(shape)")
    let extent = shape[axis]
    let inner = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
    let outer = shape.count == 0 ? 0 : shape.count / (extent * inner)
    return unsafe Tensor(shape: shape) { y in
      unsafe inputs[0].withUnsafeBuffer { x in
        for o in 0..<outer {
          for i in 0..<extent {
            let to = (o * extent + (((i + distance) % extent) + extent) % extent) * inner
            let from = (o * extent + i) * inner
            for k in 0..<inner { unsafe y[to + k] = x[from + k] }
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [Tensor.applying(CircularShift(axis: axis, distance: -distance), to: dy)]
  }
}
