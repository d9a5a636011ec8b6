/// Side by side along the second axis: [N, a, …] and [N, b, …] give [N, a + b, …].
package struct Concatenation: Op {
  package static let name = "concatenation"

  package init() {}

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let (a, b) = (inputs[0].shape, inputs[1].shape)
    precondition(
      a.rank >= 2 && a.rank == b.rank && a[0] == b[0]
        && a.dimensions.dropFirst(2).elementsEqual(b.dimensions.dropFirst(2)),
      "concatenation of \(a) and \(b)")
    var joined = a.dimensions
    joined[1] += b[1]
    let (left, right) = (a[0] == 0 ? 0 : a.count / a[0], b[0] == 0 ? 0 : b.count / b[0])
    return unsafe Tensor(shape: Shape(joined)) { y in
      unsafe inputs[0].withUnsafeBuffer { p in
        unsafe inputs[1].withUnsafeBuffer { q in
          for n in 0..<a[0] {
            let row = n * (left + right)
            for i in 0..<left { unsafe y[row + i] = p[n * left + i] }
            for i in 0..<right { unsafe y[row + left + i] = q[n * right + i] }
          }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let (a, b) = (inputs[0].shape[1], inputs[1].shape[1])
    return [
      wanted[0] ? Tensor.applying(Slice(0..<a), to: dy) : nil,
      wanted[1] ? Tensor.applying(Slice(a..<a + b), to: dy) : nil,
    ]
  }
}

/// Items of the second axis: [N, L, …] gives [N, range.count, …].
package struct Slice: Op {
  package static let name = "slice"
  package var range: Range<Int>

  package init(_ range: Range<Int>) { self.range = range }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let shape = inputs[0].shape
    precondition(shape.rank >= 2 && range.upperBound <= shape[1], "items \(range) of \(shape)")
    let inner = shape.dimensions.dropFirst(2).reduce(1, *)
    var kept = shape.dimensions
    kept[1] = range.count
    let run = range.count * inner
    return unsafe Tensor(shape: Shape(kept)) { y in
      unsafe inputs[0].withUnsafeBuffer { x in
        for n in 0..<shape[0] {
          let start = (n * shape[1] + range.lowerBound) * inner
          for i in 0..<run { unsafe y[n * run + i] = x[start + i] }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let extent = inputs[0].shape[1]
    return [
      Tensor.applying(
        ZeroExtension(before: range.lowerBound, after: extent - range.upperBound), to: dy)
    ]
  }
}

/// Zeros before and after along the second axis: the transpose of `Slice`.
package struct ZeroExtension: Op {
  package static let name = "zero extension"
  package var before: Int
  package var after: Int

  package init(before: Int, after: Int) {
    self.before = before
    self.after = after
  }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let shape = inputs[0].shape
    let inner = shape.dimensions.dropFirst(2).reduce(1, *)
    var extended = shape.dimensions
    extended[1] += before + after
    let run = shape[1] * inner
    return unsafe Tensor(shape: Shape(extended)) { y in
      unsafe y.initialize(repeating: 0)
      unsafe inputs[0].withUnsafeBuffer { x in
        for n in 0..<shape[0] {
          let start = (n * extended[1] + before) * inner
          for i in 0..<run { unsafe y[start + i] = x[n * run + i] }
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    [Tensor.applying(Slice(before..<before + inputs[0].shape[1]), to: dy)]
  }
}
