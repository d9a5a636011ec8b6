package import Tensors

/// Fills every parameter from a source of named tensors.
package struct ParameterLoader: ParameterVisitor {
  package typealias Failure = any Error
  package var path: [String] = []
  private let source: (String) throws -> Tensor

  /// - Parameter source: the tensor of a full name such as `synthesis.b4.conv1.weight`; throws
  ///   where there is none.
  package init(_ source: @escaping (String) throws -> Tensor) { self.source = source }

  package mutating func visit(
    _ name: String, _ parameter: inout Parameter, in path: [String]
  ) throws(any Error) {
    let full = (path + [name]).joined(separator: ".")
    let tensor = try source(full)
    guard tensor.count == parameter.shape.count else {
      throw ParameterMismatch(name: full, expected: parameter.shape, found: tensor.shape)
    }
    // A scalar is stored as [] by some writers and as [1] by others.
    parameter.tensor = tensor.reshaped(parameter.shape)
  }
}

/// A tensor of a checkpoint that does not fit the network it is for.
package struct ParameterMismatch: Error, Hashable, CustomStringConvertible {
  package var name: String
  package var expected: Shape
  package var found: Shape

  package var description: String { "\(name) has shape \(found), expected \(expected)" }
}
