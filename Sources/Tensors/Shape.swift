/// The extents of a tensor, outermost first. Image tensors are [N, C, H, W].
package struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  package let dimensions: [Int]

  /// Number of elements: the product of the dimensions, 1 for a scalar.
  package let count: Int

  /// - Precondition: no dimension is negative and the product fits an `Int`.
  package init(_ dimensions: [Int]) {
    precondition(dimensions.allSatisfy { $0 >= 0 }, "negative dimension in \(dimensions)")
    self.dimensions = dimensions
    self.count = dimensions.reduce(1, *)
  }

  package init(arrayLiteral elements: Int...) { self.init(elements) }

  package var rank: Int { dimensions.count }

  package subscript(axis: Int) -> Int { dimensions[axis] }

  package var description: String {
    "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
  }
}
