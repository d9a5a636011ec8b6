/// Rows side by side: [N, a] and [N, b] give [N, a + b].
package struct Concatenation: Op {
  package static let name = "concatenation"

  package init() {}

  package func forward(_ inputs: [Tensor]) -> Tensor {
    let (a, b) = (inputs[0].shape, inputs[1].shape)
    precondition(a.rank == 2 && b.rank == 2 && a[0] == b[0], "concatenation of \(a) and \(b)")
    let (left, right) = (inputs[0].values, inputs[1].values)
    var joined: [Float] = []
    joined.reserveCapacity(a.count + b.count)
    for row in 0..<a[0] {
      joined += left[row * a[1]..<(row + 1) * a[1]]
      joined += right[row * b[1]..<(row + 1) * b[1]]
    }
    return Tensor(joined, shape: [a[0], a[1] + b[1]])
  }
}
