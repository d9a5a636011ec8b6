package import Tensors

/// Lists every parameter with its full name and shape, without touching values.
package struct ParameterCensus: ParameterVisitor {
  package typealias Failure = Never
  package var path: [String] = []
  package private(set) var entries: [(name: String, shape: Shape, role: Parameter.Role)] = []

  package init() {}

  /// The census of a module.
  package init(of module: some Module) {
    var module = module
    module.visit(&self)
  }

  package mutating func visit(
    _ name: String, _ parameter: inout Parameter, in path: [String]
  ) throws(Never) {
    entries.append(
      ((path + [name]).joined(separator: "."), parameter.shape, parameter.role))
  }

  /// Elements in all trained parameters.
  package var trainedCount: Int {
    entries.reduce(0) { $0 + ($1.role == .trained ? $1.shape.count : 0) }
  }
}
