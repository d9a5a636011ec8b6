import NN
import Tensors
import Testing

private struct Pair: Module {
  var first = FullyConnectedLayer(inputs: 2, outputs: 3, activation: .linear)
  var second = FullyConnectedLayer(
    inputs: 3, outputs: 1, learningRateMultiplier: 0.5, activation: .linear)

  mutating func visit<V: ParameterVisitor>(_ visitor: inout V) throws(V.Failure) {
    try visitor("first", &first)
    try visitor("second", &second)
  }
}

@Suite struct ModuleTests {
  @Test func censusNamesEveryParameterInOrder() {
    let census = ParameterCensus(of: Pair())
    #expect(
      census.entries.map(\.name) == ["first.weight", "first.bias", "second.weight", "second.bias"])
    #expect(census.trainedCount == 6 + 3 + 3 + 1)
  }

  @Test func loaderFillsByName() throws {
    var pair = Pair()
    var loader = ParameterLoader { name in
      name.hasSuffix("weight")
        ? Tensor(repeating: 2, shape: name.hasPrefix("first") ? [3, 2] : [1, 3])
        : Tensor(repeating: 1, shape: name.hasPrefix("first") ? [3] : [1])
    }
    try pair.visit(&loader)
    // First layer: (1 + 1) · 2 / √2 + 1; second: 3 · that · 2 · 0.5 / √3 + 0.5.
    let hidden = 4 / Float(2).squareRoot() + 1
    let y = pair.second(pair.first(Tensor([1, 1], shape: [1, 2]))).values[0]
    #expect(abs(y - (3 * hidden / Float(3).squareRoot() + 0.5)) < 1e-5)
  }

  @Test func loaderRefusesAWrongShape() {
    var pair = Pair()
    var loader = ParameterLoader { _ in Tensor(zeros: [5]) }
    #expect {
      try pair.visit(&loader)
    } throws: {
      ($0 as? ParameterMismatch)?.description
        == "first.weight has shape [5], expected [3, 2]"
    }
  }
}
