import CKernels

/// Sums of products of columns, XᵀX, of a matrix whose rows come in pieces.
///
/// Accumulated in Double: covariances are small differences of large sums.
struct GramMatrix {
  /// Number of columns of X.
  let order: Int
  /// `order` rounded up to what the kernel takes.
  private let stride: Int
  /// [stride, stride], on and above the diagonal.
  private var sums: [Double]
  /// Rows waiting to be multiplied, [capacity, stride].
  private var pending: [Double]
  private var pendingCount = 0

  /// Rows multiplied at once: 64 rows of 512 Doubles stay in the second-level cache.
  private static let capacity = 64

  init(order: Int) {
    precondition(order > 0, "no columns")
    self.order = order
    stride = (order + 7) & ~7
    sums = [Double](repeating: 0, count: stride * stride)
    pending = [Double](repeating: 0, count: GramMatrix.capacity * stride)
  }

  /// Adds one row of X, `scale · (row − offset)`.
  mutating func add(
    _ row: UnsafeBufferPointer<Float>, minus offset: [Double]? = nil, scale: Double = 1
  ) {
    precondition(row.count == order, "a row of \(row.count) for \(order) columns")
    let start = pendingCount * stride
    for column in 0..<order {
      let value = unsafe Double(row[column])
      pending[start + column] = scale * (offset.map { value - $0[column] } ?? value)
    }
    pendingCount += 1
    if pendingCount == GramMatrix.capacity { multiply() }
  }

  /// XᵀX / divisor, [order, order], row-major, symmetric.
  mutating func finish(dividingBy divisor: Double = 1) -> [Double] {
    multiply()
    var matrix = [Double](repeating: 0, count: order * order)
    for i in 0..<order {
      for j in i..<order {
        let value = sums[i * stride + j] / divisor
        matrix[i * order + j] = value
        matrix[j * order + i] = value
      }
    }
    return matrix
  }

  private mutating func multiply() {
    unsafe mien_gram(pending, CInt(pendingCount), CInt(stride), &sums)
    pendingCount = 0
  }
}
