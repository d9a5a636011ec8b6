import CDNNL

/// a · b of matrices [m, k] and [k, n], either given transposed. Result [m, n].
package struct MatrixProduct: Op {
  package static let name = "matrix product"
  package var transposesFirst = false
  package var transposesSecond = false

  package init(transposesFirst: Bool = false, transposesSecond: Bool = false) {
    self.transposesFirst = transposesFirst
    self.transposesSecond = transposesSecond
  }

  /// (m, n, k) of the product.
  private func extents(_ a: Shape, _ b: Shape) -> (m: Int, n: Int, k: Int) {
    precondition(a.rank == 2 && b.rank == 2, "matrix product of \(a) and \(b)")
    let (m, k) = transposesFirst ? (a[1], a[0]) : (a[0], a[1])
    let (k2, n) = transposesSecond ? (b[1], b[0]) : (b[0], b[1])
    precondition(k == k2, "matrix product of \(a) and \(b): inner extents \(k) and \(k2)")
    return (m, n, k)
  }

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let (m, n, k) = extents(inputs[0].shape, inputs[1].shape)
    return unsafe Tensor(shape: [m, n]) { c in
      unsafe inputs[0].withUnsafeBuffer { a in
        unsafe inputs[1].withUnsafeBuffer { b in
          let status = unsafe mien_matrix_product(
            transposesFirst ? 1 : 0, transposesSecond ? 1 : 0, Int32(m), Int32(n), Int32(k),
            a.baseAddress, b.baseAddress, c.baseAddress)
          precondition(status == 0, "oneDNN refused a matrix product: status \(status)")
        }
      }
    }
  }

  package func pullback(
    _ inputs: [Tensor], _ output: Tensor, _ dy: Tensor, wanted: [Bool]
  ) -> [Tensor?] {
    let (a, b) = (inputs[0], inputs[1])
    func product(_ a: Tensor, _ transposesA: Bool, _ b: Tensor, _ transposesB: Bool) -> Tensor {
      Tensor.applying(
        MatrixProduct(transposesFirst: transposesA, transposesSecond: transposesB), to: a, b)
    }
    // c = a b: da = dc bᵀ, db = aᵀ dc; and their transposes where a or b was given transposed.
    let da = { transposesFirst
      ? product(b, transposesSecond, dy, true) : product(dy, false, b, !transposesSecond) }
    let db = { transposesSecond
      ? product(dy, true, a, transposesFirst) : product(a, !transposesFirst, dy, false) }
    return [wanted[0] ? da() : nil, wanted[1] ? db() : nil]
  }

  package func multiplyAdds(_ shapes: [Shape]) -> Int {
    let (m, n, k) = extents(shapes[0], shapes[1])
    return m * n * k
  }
}
