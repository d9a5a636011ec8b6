import Tensors
import TestFixtures
import Testing

/// Compares an expression's gradients with differences of its values, and the gradients of its
/// gradients with differences of those.
///
/// Differences are taken of sums in double and extrapolated from two step widths (Richardson), so
/// that polynomials up to the fourth degree lose nothing but float32's rounding.
struct GradientCheck {
  var step: Float = 0.05
  var tolerance: Float = 3e-3
  /// Second order costs a gradient for every element.
  var secondOrder = true

  func callAsFunction(
    _ inputs: [Tensor], sourceLocation: SourceLocation = #_sourceLocation,
    _ f: ([Tensor]) -> Tensor
  ) {
    var random = RandomTensors(seed: 77)
    let weights = random.tensor(f(inputs).shape)
    // A quadratic on top, so that the gradient arriving at the operation depends on its inputs.
    func loss(_ inputs: [Tensor]) -> Tensor {
      let y = f(inputs)
      return (y * weights + y.squared * 0.5).sum
    }
    let directions = inputs.map { random.tensor($0.shape) }
    check(inputs, loss, "first order", sourceLocation)
    guard secondOrder else { return }
    check(
      inputs,
      { inputs in
        let variables = inputs.map { $0.isDerived ? $0 : $0.variable }
        let gradients = Tensor.gradients(
          of: loss(variables), withRespectTo: variables, differentiable: true)
        return zip(gradients, directions).map { ($0 * $1).sum }.reduce(Tensor([0], shape: [])) {
          $0 + $1
        }
      }, "second order", sourceLocation)
  }

  private func check(
    _ inputs: [Tensor], _ loss: ([Tensor]) -> Tensor, _ order: String, _ location: SourceLocation
  ) {
    let variables = inputs.map(\.variable)
    let gradients = Tensor.gradients(of: loss(variables), withRespectTo: variables)
    for (index, gradient) in gradients.enumerated() {
      let expected = Tensor(
        (0..<gradient.count).map { difference(inputs, index, $0, loss) }, shape: gradient.shape)
      let error = relativeError(gradient, expected)
      #expect(
        error < tolerance, "\(order), input \(index): \(error)", sourceLocation: location)
    }
  }

  /// ∂ loss / ∂ inputs[index][element]
  private func difference(
    _ inputs: [Tensor], _ index: Int, _ element: Int, _ loss: ([Tensor]) -> Tensor
  ) -> Float {
    func central(_ h: Float) -> Double {
      func value(_ offset: Float) -> Double {
        var moved = inputs
        var values = moved[index].values
        values[element] += offset
        moved[index] = Tensor(values, shape: moved[index].shape)
        return Double(loss(moved).scalar)
      }
      return (value(h) - value(-h)) / Double(2 * h)
    }
    return Float((4 * central(step / 2) - central(step)) / 3)
  }
}
