/// Sums of products of columns, XᵀX, of a matrix whose rows come in pieces.
///
/// Accumulated in Double: covariances are small differences of large sums.
struct GramMatrix {
  /// Number of columns of X.
  let order: Int
  /// `order` rounded up to whole tiles.
  private let stride: Int
  /// [stride, stride], blocks on and above the diagonal.
  private var sums: [Double]
  /// Rows waiting to be multiplied, [capacity, stride].
  private var pending: [Double]
  private var pendingCount = 0

  /// Rows multiplied at once: 64 rows of 512 Doubles stay in the second-level cache.
  private static let capacity = 64
  private static let tile = 4

  init(order: Int) {
    precondition(order > 0, "no columns")
    self.order = order
    stride = (order + GramMatrix.tile - 1) / GramMatrix.tile * GramMatrix.tile
    sums = [Double](repeating: 0, count: stride * stride)
    pending = [Double](repeating: 0, count: GramMatrix.capacity * stride)
  }

  /// Adds one row of X, `scale · (row − offset)`.
  mutating func add(_ row: UnsafeBufferPointer<Float>, minus offset: [Double]? = nil, scale: Double = 1)
  {
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

  /// sums += pendingᵀ · pending in tiles of 4 × 4, which fit the registers.
  private mutating func multiply() {
    let rows = pendingCount
    let stride = stride
    pendingCount = 0
    unsafe pending.withUnsafeBufferPointer { x in
      unsafe sums.withUnsafeMutableBufferPointer { sums in
        for i in Swift.stride(from: 0, to: stride, by: GramMatrix.tile) {
          for j in Swift.stride(from: i, to: stride, by: GramMatrix.tile) {
            var a = SIMD4<Double>()
            var b = SIMD4<Double>()
            var c = SIMD4<Double>()
            var d = SIMD4<Double>()
            for row in 0..<rows {
              let start = row * stride
              let y = unsafe SIMD4(
                x[start + j], x[start + j + 1], x[start + j + 2], x[start + j + 3])
              unsafe a += x[start + i] * y
              unsafe b += x[start + i + 1] * y
              unsafe c += x[start + i + 2] * y
              unsafe d += x[start + i + 3] * y
            }
            for lane in 0..<4 {
              unsafe sums[i * stride + j + lane] += a[lane]
              unsafe sums[(i + 1) * stride + j + lane] += b[lane]
              unsafe sums[(i + 2) * stride + j + lane] += c[lane]
              unsafe sums[(i + 3) * stride + j + lane] += d[lane]
            }
          }
        }
      }
    }
  }
}
