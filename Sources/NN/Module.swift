/// A layer or a network: something that can list its parameters, once, in one place. Loading,
/// saving, counting, averaging and optimising are visitors.
package protocol Module: Sendable {
  mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure)
}

/// Something done to every parameter of a module, in the order the module lists them.
package protocol ParameterVisitor<Failure> {
  associatedtype Failure: Error
  /// `path` is the names of the enclosing modules, outermost first.
  mutating func visit(_ name: String, _ parameter: inout Parameter, in path: [String]) throws(Failure)
  var path: [String] { get set }
}

extension ParameterVisitor {
  package mutating func callAsFunction(
    _ name: String, _ parameter: inout Parameter
  ) throws(Failure) {
    try visit(name, &parameter, in: path)
  }

  package mutating func callAsFunction(
    _ name: String, _ module: inout some Module
  ) throws(Failure) {
    path.append(name)
    defer { path.removeLast() }
    try module.visit(&self)
  }
}
