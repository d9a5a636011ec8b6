import Glibc
import NN
import Tensors
import Testing

@Suite struct AdamTests {
  /// The algorithm written out in double.
  @Test func isItsDefinition() {
    var values = [Tensor([1, -2, 0.5], shape: [3])]
    var adam = Adam(shapes: [[3]])
    var x = values[0].values.map(Double.init)
    var (m, v) = ([0.0, 0, 0], [0.0, 0, 0])
    for step in 1...5 {
      let rate = 0.1 * Double(step)
      let gradient = values[0] * 2
      let g = gradient.values.map(Double.init)
      adam.update(&values, gradients: [gradient], learningRate: Float(rate))
      for i in 0..<3 {
        m[i] = 0.9 * m[i] + 0.1 * g[i]
        v[i] = 0.999 * v[i] + 0.001 * g[i] * g[i]
        let first = m[i] / (1 - pow(0.9, Double(step)))
        let second = v[i] / (1 - pow(0.999, Double(step)))
        x[i] -= rate * first / (second.squareRoot() + 1e-8)
      }
      for i in 0..<3 { #expect(abs(Double(values[0].values[i]) - x[i]) < 1e-5) }
    }
    #expect(adam.updates == 5)
  }

  @Test func goesOnFromItsMoments() {
    var values = [Tensor([1, -2], shape: [2])]
    var adam = Adam(shapes: [[2]])
    for _ in 0..<3 { adam.update(&values, gradients: [values[0]], learningRate: 0.1) }
    var copies = values
    var copy = Adam(moments: adam.moments, updates: adam.updates)
    adam.update(&values, gradients: [values[0]], learningRate: 0.1)
    copy.update(&copies, gradients: [copies[0]], learningRate: 0.1)
    #expect(values[0].values == copies[0].values)
  }
}
