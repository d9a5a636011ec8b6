import NN
import Tensors
import Testing

@Suite struct VariableCollectorTests {
  @Test func makesVariablesOfWhatIsTrained() {
    var layer = FullyConnectedLayer(inputs: 2, outputs: 1, activation: .linear)
    layer.weight.tensor = Tensor([1, 2], shape: [1, 2])
    layer.bias.tensor = Tensor([3], shape: [1])
    var collector = VariableCollector()
    collector("layer", &layer)
    #expect(collector.names == ["layer.weight", "layer.bias"])
    let y = layer(Tensor([5, 7], shape: [1, 2]))
    let gradients = Tensor.gradients(of: y.sum, withRespectTo: collector.variables)
    let gain = 1 / Float(2).squareRoot()
    #expect(gradients[0].values == [5 * gain, 7 * gain])
    #expect(gradients[1].values == [1])
  }
}
