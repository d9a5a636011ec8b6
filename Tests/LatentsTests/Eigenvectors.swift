/// |a · b| of two unit vectors: 1 where they are the same up to sign.
func alignment(_ a: [Double], _ b: some Sequence<Float>) -> Double {
  abs(zip(a, b).reduce(0) { $0 + $1.0 * Double($1.1) })
}

/// Whether eigenvalue `index` is far enough from its neighbours for its vector to be determined.
func isSeparate(_ values: [Float], _ index: Int) -> Bool {
  let value = values[index]
  return [index - 1, index + 1].filter(values.indices.contains).allSatisfy {
    abs(values[$0] - value) > 1e-3 * value
  }
}

/// max |a − b| / max |b|.
func relativeError(_ a: [Double], _ b: [Float]) -> Double {
  guard a.count == b.count, let largest = b.map(abs).max() else { return .infinity }
  return zip(a, b).reduce(0) { max($0, abs($1.0 - Double($1.1))) } / Double(largest)
}
