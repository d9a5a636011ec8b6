extension Shape {
  /// Whether a tensor of this shape can be repeated along its extents of 1 to fill `larger`.
  func broadcasts(to larger: Shape) -> Bool {
    rank == larger.rank
      && zip(larger.dimensions, dimensions).allSatisfy { $0 == $1 || $1 == 1 }
  }

  /// 0 where the last axis is repeated, 1 where it is not.
  var innerBroadcastStride: Int { (dimensions.last ?? 1) == 1 ? 0 : 1 }

  /// Every row (the last axis) of `larger` with the offset of what meets it in a tensor of this
  /// shape, repeated along its extents of 1.
  func forEachRow(of larger: Shape, _ body: (_ row: Int, _ offset: Int) -> Void) {
    var strides = [Int](repeating: 0, count: rank)
    var stride = 1
    for axis in (0..<rank).reversed() {
      strides[axis] = self[axis] == 1 ? 0 : stride
      stride *= self[axis]
    }
    let inner = larger.dimensions.last ?? 1
    let outer = inner == 0 ? 0 : larger.count / inner
    var index = [Int](repeating: 0, count: max(0, rank - 1))
    var offset = 0
    for row in 0..<outer {
      body(row, offset)
      for axis in index.indices.reversed() {
        index[axis] += 1
        offset += strides[axis]
        if index[axis] < larger[axis] { break }
        offset -= strides[axis] * larger[axis]
        index[axis] = 0
      }
    }
  }
}

/// A tensor repeated along its extents of 1 until it has `shape`.
package struct Broadcast: Op {
  package static let name = "broadcast"
  package var shape: Shape

  package init(to shape: Shape) { self.shape = shape }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0]
    precondition(x.shape.broadcasts(to: shape), "broadcast of \(x.shape) to \(shape)")
    if x.shape == shape { return x.constant }
    let (inner, innerStride) = (shape.dimensions.last ?? 1, x.shape.innerBroadcastStride)
    return unsafe Tensor(shape: shape) { y in
      unsafe x.withUnsafeBuffer { p in
        x.shape.forEachRow(of: shape) { row, base in
          for i in 0..<inner { unsafe y[row * inner + i] = p[base + i * innerStride] }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [dy.summed(to: inputs[0].shape)]
  }
}

/// Sums along every axis at which `shape` has 1: the transpose of `Broadcast`.
package struct SumReduction: Op {
  package static let name = "sum reduction"
  package var shape: Shape

  package init(to shape: Shape) { self.shape = shape }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let x = inputs[0]
    precondition(shape.broadcasts(to: x.shape), "sum of \(x.shape) to \(shape)")
    if x.shape == shape { return x.constant }
    let inner = x.shape.dimensions.last ?? 1
    let sumsRows = shape.innerBroadcastStride == 0
    // In double, because a strict float sum of thousands of terms loses digits.
    var sums = [Double](repeating: 0, count: shape.count)
    unsafe x.withUnsafeBuffer { p in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        shape.forEachRow(of: x.shape) { row, base in
          if sumsRows {
            unsafe sums[base] += rowSum(p, from: row * inner, count: inner)
          } else {
            for i in 0..<inner { unsafe sums[base + i] += Double(p[row * inner + i]) }
          }
        }
      }
    }
    return Tensor(sums.map { Float($0) }, shape: shape)
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [Tensor.applying(Broadcast(to: inputs[0].shape), to: dy)]
  }
}

/// Eight sums side by side, which the processor adds at once.
func rowSum(_ x: UnsafeBufferPointer<Float>, from start: Int, count: Int) -> Double {
  var lanes = SIMD8<Double>()
  var i = 0
  while i + 8 <= count {
    for k in 0..<8 { unsafe lanes[k] += Double(x[start + i + k]) }
    i += 8
  }
  var sum = lanes.sum()
  while i < count {
    sum += Double(unsafe x[start + i])
    i += 1
  }
  return sum
}
