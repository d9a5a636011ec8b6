/// Sum or product, element by element. The second operand has the rank of the first and extents
/// equal to its or 1; an extent of 1 is repeated. Nothing else is ever broadcast.
package struct Elementwise: Op {
  package static let name = "elementwise"
  package enum Kind: Sendable { case sum, product }
  package var kind: Kind

  package init(_ kind: Kind) { self.kind = kind }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let a = inputs[0].shape
    let b = inputs[1].shape
    precondition(
      a.rank == b.rank && zip(a.dimensions, b.dimensions).allSatisfy { $0 == $1 || $1 == 1 },
      "elementwise \(kind) of \(a) and \(b)")
    // Offset in b of every outer position of a, the last axis apart, which runs in the inner loop.
    var strides = [Int](repeating: 0, count: b.rank)
    var stride = 1
    for axis in (0..<b.rank).reversed() {
      strides[axis] = b[axis] == 1 ? 0 : stride
      stride *= b[axis]
    }
    let inner = a.rank == 0 ? 1 : a[a.rank - 1]
    let innerStride = strides.last ?? 0
    let outer = inner == 0 ? 0 : a.count / inner
    return unsafe Tensor(shape: a) { y in
      unsafe inputs[0].withUnsafeBuffer { p in
        unsafe inputs[1].withUnsafeBuffer { q in
          var index = [Int](repeating: 0, count: max(0, a.rank - 1))
          for row in 0..<outer {
            let base = zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
            switch kind {
            case .sum:
              for i in 0..<inner {
                unsafe y[row * inner + i] = p[row * inner + i] + q[base + i * innerStride]
              }
            case .product:
              for i in 0..<inner {
                unsafe y[row * inner + i] = p[row * inner + i] * q[base + i * innerStride]
              }
            }
            for axis in index.indices.reversed() {
              index[axis] += 1
              if index[axis] < a[axis] { break }
              index[axis] = 0
            }
          }
        }
      }
    }
  }
}

/// y = f(x), element by element.
package struct Pointwise: Op {
  package static let name = "pointwise"
  package enum Function: Sendable {
    case scale(Float)
    case square
    /// 1 / √(x + epsilon)
    case inverseSquareRoot(epsilon: Float)
  }
  package var function: Function

  package init(_ function: Function) { self.function = function }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    unsafe Tensor(shape: inputs[0].shape) { y in
      unsafe inputs[0].withUnsafeBuffer { x in
        switch function {
        case .scale(let factor):
          for i in x.indices { unsafe y[i] = x[i] * factor }
        case .square:
          for i in x.indices { unsafe y[i] = x[i] * x[i] }
        case .inverseSquareRoot(let epsilon):
          for i in x.indices { unsafe y[i] = 1 / (x[i] + epsilon).squareRoot() }
        }
      }
    }
  }
}
