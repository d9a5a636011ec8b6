import Glibc

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
    precondition(b.broadcasts(to: a), "elementwise \(kind) of \(a) and \(b)")
    let (inner, innerStride) = (a.dimensions.last ?? 1, b.innerBroadcastStride)
    return unsafe Tensor(shape: a) { y in
      unsafe inputs[0].withUnsafeBuffer { p in
        unsafe inputs[1].withUnsafeBuffer { q in
          b.forEachRow(of: a) { row, base in
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
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    switch kind {
    case .sum:
      [wanted[0] ? dy : nil, wanted[1] ? dy.summed(to: inputs[1].shape) : nil]
    case .product:
      [
        wanted[0] ? dy * inputs[1] : nil,
        wanted[1] ? (dy * inputs[0]).summed(to: inputs[1].shape) : nil,
      ]
    }
  }
}

/// y = f(x), element by element.
package struct Pointwise: Op {
  package static let name = "pointwise"
  package enum Function: Sendable {
    case scale(Float)
    case offset(Float)
    case square
    /// (x + epsilon) to a power
    case power(Float, epsilon: Float)
    /// log(1 + exp x)
    case softplus
    /// 1 / (1 + exp −x)
    case sigmoid
  }
  package var function: Function

  package init(_ function: Function) { self.function = function }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    unsafe Tensor(shape: inputs[0].shape) { y in
      unsafe inputs[0].withUnsafeBuffer { x in
        switch function {
        case .scale(let factor):
          for i in x.indices { unsafe y[i] = x[i] * factor }
        case .offset(let term):
          for i in x.indices { unsafe y[i] = x[i] + term }
        case .square:
          for i in x.indices { unsafe y[i] = x[i] * x[i] }
        case .power(-0.5, let epsilon):
          for i in x.indices { unsafe y[i] = 1 / (x[i] + epsilon).squareRoot() }
        case .power(0.5, let epsilon):
          for i in x.indices { unsafe y[i] = (x[i] + epsilon).squareRoot() }
        case .power(let exponent, let epsilon):
          for i in x.indices { unsafe y[i] = powf(x[i] + epsilon, exponent) }
        case .softplus:
          // max(x, 0) + log(1 + exp −|x|) neither overflows nor loses small values.
          for i in x.indices {
            let v = unsafe x[i]
            unsafe y[i] = max(v, 0) + log1pf(expf(-abs(v)))
          }
        case .sigmoid:
          for i in x.indices {
            let e = unsafe expf(-abs(x[i]))
            unsafe y[i] = x[i] >= 0 ? 1 / (1 + e) : e / (1 + e)
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let x = inputs[0]
    switch function {
    case .scale(let factor): return [dy * factor]
    case .offset: return [dy]
    case .square: return [dy * (x * 2)]
    case .power(let exponent, let epsilon):
      return [dy * (x.power(exponent - 1, epsilon: epsilon) * exponent)]
    case .softplus: return [dy * Tensor.applying(Pointwise(.sigmoid), to: x)]
    case .sigmoid: return [dy * (output - output.squared)]
    }
  }
}
