import CLAPACK

/// Eigenvalues and eigenvectors of a real symmetric matrix (LAPACK's divide and conquer, dsyevd).
struct SymmetricEigen {
  /// Descending.
  let values: [Double]
  /// Of unit length, in the order of `values`; the entry of largest magnitude is positive, so that
  /// a vector has one sign on every machine.
  let vectors: [[Double]]

  /// - Parameters:
  ///   - matrix: [order, order], row-major, only one triangle of it is looked at.
  ///   - count: how many of the leading vectors to keep.
  /// - Returns: nil where an element is not finite or the iteration does not converge.
  init?(_ matrix: [Double], order: Int, count: Int) {
    precondition(matrix.count == order * order, "\(matrix.count) elements are not \(order)²")
    guard order > 0, matrix.allSatisfy(\.isFinite) else { return nil }
    var columns = matrix
    var ascending = [Double](repeating: 0, count: order)
    var info: CInt = 0
    var n = CInt(order)
    // The workspace LAPACK documents for jobz = 'V'.
    var workCount = CInt(1 + 6 * order + 2 * order * order)
    var integerCount = CInt(3 + 5 * order)
    var work = [Double](repeating: 0, count: Int(workCount))
    var integers = [CInt](repeating: 0, count: Int(integerCount))
    var job = CChar(bitPattern: UInt8(ascii: "V"))
    var triangle = CChar(bitPattern: UInt8(ascii: "U"))
    var leading = n
    unsafe dsyevd_(
      &job, &triangle, &n, &columns, &leading, &ascending, &work, &workCount, &integers,
      &integerCount, &info)
    guard info == 0 else { return nil }
    values = ascending.reversed()
    vectors = (0..<min(count, order)).map { index in
      let start = (order - 1 - index) * order
      return SymmetricEigen.signed(Array(columns[start..<start + order]))
    }
  }

  /// ±vector, so that the entry of largest magnitude is positive; of equal ones the first decides.
  static func signed(_ vector: [Double]) -> [Double] {
    guard let largest = vector.max(by: { abs($0) < abs($1) }), largest < 0 else { return vector }
    return vector.map { -$0 }
  }
}
