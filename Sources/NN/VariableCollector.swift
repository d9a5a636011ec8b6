package import Tensors

/// Makes a variable of every trained parameter and lists them in the order of the module, for
/// gradients with respect to them.
package struct VariableCollector: ParameterVisitor {
  package typealias Failure = Never
  package var path: [String] = []
  package private(set) var names: [String] = []
  package private(set) var variables: [Tensor] = []

  package init() {}

  package mutating func visit(
    _ name: String, _ parameter: inout Parameter, in path: [String]
  ) throws(Never) {
    guard parameter.role == .trained else { return }
    let variable = parameter.tensor.variable
    parameter.tensor = variable
    names.append((path + [name]).joined(separator: "."))
    variables.append(variable)
  }
}
